"""Answers in free words, that never act: what may be answered, with which prompt, and what of it may be said."""
