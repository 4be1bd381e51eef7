"""The nouns of the house: values, ports and errors that every other room speaks; no I/O."""
