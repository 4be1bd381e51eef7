"""Voices and the queue of sentences: from words to sound."""
