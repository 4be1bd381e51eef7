"""The bundled skills; each sees assistant.sdk alone."""
