"""Entities over MQTT: registry, broker, discovery and commands; the only room that speaks MQTT."""
