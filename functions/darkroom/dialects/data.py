"""The data of a dialect: its models, sizes, prices and defaults, in a file beside its code."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def data_of(module: str) -> dict[str, Any]:
    """`data_of(__file__)`: the table in data.toml, in the same folder."""
    return tomllib.loads(Path(module).with_name("data.toml").read_text("utf-8"))
