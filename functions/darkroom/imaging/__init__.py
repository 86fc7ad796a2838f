"""Bytes from outside into pictures of ours."""
