"""The catalogue of models: where they come from, their licences, their checksums."""
