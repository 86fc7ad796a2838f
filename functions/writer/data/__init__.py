"""Words, phrases and rules of platforms, as files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def table(name: str) -> Any:
    return json.loads(Path(__file__).with_name(f"{name}.json").read_text("utf-8"))
