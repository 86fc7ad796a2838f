"""The ids of the statements that tests show to hold, one a line."""

from __future__ import annotations

import re
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_ID = re.compile(r"([A-Z])([0-9]+)")


class Collector:
    def __init__(self) -> None:
        self.covered: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for marker in item.iter_markers("statement"):
                self.covered.update(marker.args)


def _order(statement: str) -> tuple[str, int]:
    found = _ID.fullmatch(statement)
    if found is None:
        raise ValueError(f"{statement} is not the id of a statement")
    return found[1], int(found[2])


def main() -> int:
    collector = Collector()
    # What pytest says of its collecting is for whoever wonders why something is missing.
    with redirect_stdout(sys.stderr):
        code = pytest.main(["--collect-only", "-q", str(_HERE)], plugins=[collector])
    sys.stdout.writelines(f"{name}\n" for name in sorted(collector.covered, key=_order))
    return int(code)


if __name__ == "__main__":
    raise SystemExit(main())
