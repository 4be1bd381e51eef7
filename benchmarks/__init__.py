"""Measurements of the product's real code on recorded data: `python -m benchmarks NAME --data FOLDER --json FILE`."""
