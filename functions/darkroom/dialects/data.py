"""The data of a dialect: its models, sizes, prices and defaults, in the file beside its code."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def beside(module: str) -> dict[str, Any]:
    """`beside(__file__)`: the table in the file of the same name."""
    return tomllib.loads(Path(module).with_suffix(".toml").read_text("utf-8"))
