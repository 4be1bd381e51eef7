"""A private voice assistant for small boards."""

__version__ = "0.1.0"
