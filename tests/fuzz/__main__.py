"""`make fuzz`: starts a system of its own, and prints what it answered as JSON."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.fuzz.running import DIALECTS, fuzzed
from tests.running import Local


def main() -> int:
    asked = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    asked.add_argument("--cases", type=int, default=5000, help="over all operations, at least")
    asked.add_argument("--seed", type=int, default=1, help="the same seed makes the same cases")
    asked.add_argument("--dialect", action="append", choices=DIALECTS, help="only these")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        local = Local(Path(folder)).start()
        try:
            report = fuzzed(local, given.cases, given.seed, tuple(given.dialect or DIALECTS))
        finally:
            local.stop()
    print(report.as_json())  # noqa: T201 - what it is for
    for finding in report.findings:
        print(finding, file=sys.stderr)  # noqa: T201
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
