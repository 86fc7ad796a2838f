"""Ports in memory. Each keeps what it was given in plain attributes, for tests to read and set."""
