"""The whole assistant, through a real sound server."""
