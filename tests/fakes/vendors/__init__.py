"""Providers as their documents describe them, one a module, for upstream.py to serve."""
