"""Tests of the public fakes and the test kit."""
