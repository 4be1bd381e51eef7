"""Wake word, endpointing and recognisers: from frames to words."""
