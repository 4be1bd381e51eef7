"""Tests of the skill host."""
