"""Measurements: run by `./ppid bench NAME`, never by the test suite."""
