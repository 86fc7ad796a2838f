"""What may be asked of a machine that is to answer thousands: cheap images, short waits, and no
address of anybody else.
"""

from __future__ import annotations

import re
from random import Random
from typing import Any

_CHEAP: dict[str, Any] = {"resolution": "1K", "quality": "1K", "width": 64, "height": 64}
_DEAR = {"2K", "4K"}
_MOST = {"n": 2, "count": 2, "quantity": 2, "num_images": 2}
_LARGEST_SIDE = 512
_ADDRESS = re.compile(r"^\s*[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_LONG_WAIT = re.compile(r"^wait=[0-9]+$")
# Nowhere, or nowhere that may be asked.
HARMLESS = (
    "https://nowhere.example/a.png",
    "https://nowhere.invalid/a.png",
    "http://nowhere.invalid/a.png",
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]/a.png",
    "ftp://nowhere.invalid/a.png",
    "https://",
)


def tame(value: Any, chance: Random, addresses: tuple[str, ...], name: str = "") -> Any:
    """In place of each address one of these."""
    if isinstance(value, dict):
        return {key: tame(one, chance, addresses, key) for key, one in value.items()}
    if isinstance(value, list):
        return [tame(one, chance, addresses, name) for one in value]
    if isinstance(value, str) and _ADDRESS.match(value):
        return chance.choice(addresses)
    if isinstance(value, str) and value in _DEAR and name in _CHEAP:
        return _CHEAP[name]
    if isinstance(value, int) and not isinstance(value, bool):
        return _small(name, value)
    return value


def _small(name: str, value: int) -> int:
    if name in _MOST and value > _MOST[name]:
        return _MOST[name] if value <= 10 else value
    if name in {"width", "height"} and value > _LARGEST_SIDE:
        return _LARGEST_SIDE
    return value


def short_wait(headers: dict[str, Any], query: dict[str, Any]) -> None:
    """Nobody waits for a job that another test holds up."""
    for name in [name for name in headers if name.lower() == "prefer"]:
        if _LONG_WAIT.match(str(headers[name])):
            headers[name] = "wait=1"
    if isinstance(query.get("wait"), int) and query["wait"] > 1:
        query["wait"] = 1
