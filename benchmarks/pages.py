"""Tables that a command prints and a page shows, between two comments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def shown(page: str, name: str) -> str:
    [found] = _between(name).findall((DOCS / page).read_text("utf-8"))
    return str(found).strip()


def write(page: str, name: str, text: str) -> None:
    """Raises ValueError unless the page has this place exactly once."""
    path = DOCS / page
    new = f"<!-- {name} -->\n\n{text}\n\n<!-- end -->"
    written, places = _between(name).subn(lambda _: new, path.read_text("utf-8"))
    if places != 1:
        raise ValueError(f"{page} has {places} places for {name}, and not one")
    path.write_text(written, "utf-8")


def _between(name: str) -> re.Pattern[str]:
    return re.compile(rf"<!-- {name} -->(.*?)<!-- end -->", re.DOTALL)
