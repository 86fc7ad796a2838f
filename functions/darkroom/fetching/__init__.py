"""Bytes from addresses that users give."""
