"""Credentials that others issue: JWTs."""
