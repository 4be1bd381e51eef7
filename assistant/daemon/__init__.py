"""The composition root: builds the parts from the configuration and keeps them running."""
