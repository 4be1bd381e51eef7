"""Tests; the tree mirrors assistant/."""
