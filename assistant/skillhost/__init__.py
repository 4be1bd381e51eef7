"""Loads skills, runs their intents within limits, and reloads them."""
