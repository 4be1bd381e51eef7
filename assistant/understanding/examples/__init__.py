"""Invented homes and what people say in them, with the commands that are meant: examples to adapt a model with."""
