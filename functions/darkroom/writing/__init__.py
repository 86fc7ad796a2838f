"""The writer that is built in."""
