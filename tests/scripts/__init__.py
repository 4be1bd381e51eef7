"""Tests of the installation: Makefile and scripts."""
