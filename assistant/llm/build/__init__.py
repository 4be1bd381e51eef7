"""Builds the one form of a language model out of the files that people publish."""
