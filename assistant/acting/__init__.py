"""Runs one turn: policy, skill, outcome, reply; and keeps its trace."""
