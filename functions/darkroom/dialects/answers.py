"""Helpers of answers."""

from __future__ import annotations

from typing import Any


def given(**fields: Any) -> Any:
    """Those that have a value."""
    return {name: value for name, value in fields.items() if value is not None}
