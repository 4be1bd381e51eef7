"""Adapts a language model to an assistant's calls: low-rank training on the CPU, a small file, and its application."""
