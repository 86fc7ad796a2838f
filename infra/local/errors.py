"""What stops `make run`, said to the person who typed it."""

from __future__ import annotations


class LocalRunError(RuntimeError):
    """The whole message: it is printed without a traceback, and the command exits with 1."""
