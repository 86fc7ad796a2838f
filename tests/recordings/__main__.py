"""`python -m tests.recordings record|compare|renew`: what every operation answers (wire.py)."""

from __future__ import annotations

import argparse
import sys

from tests.recordings.scenarios import OF_DIALECTS
from tests.recordings.wire import differences, record, renew


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.recordings", description=__doc__)
    asked.add_argument("what", choices=("record", "compare", "renew"))
    asked.add_argument("dialects", nargs="*", choices=[[], *OF_DIALECTS], help="only these")
    given = asked.parse_args()
    dialects = given.dialects or list(OF_DIALECTS)
    if given.what != "compare":
        for dialect in dialects:
            {"record": record, "renew": renew}[given.what](dialect)
        return 0
    found = [text for dialect in dialects for text in differences(dialect)]
    for text in found:
        print(text)  # noqa: T201 - what it is for
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
