"""`python -m tests.crash`: everything, on all cores; one line of JSON at the end."""
# ruff: noqa: T201

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
from collections import Counter

from tests.crash.guards import BY_NAME as GUARDS
from tests.crash.runs import Run, perform
from tests.crash.scenarios import BY_NAME as SCENARIOS
from tests.crash.work import Share, do
from tests.crash.world import open_world

_RUNS = 6_000
_SHOWN = 20  # of the violations; one mistake breaks hundreds of runs
# What the singles take, measured: the rest of the budget goes to pairs.
_SHARE_OF_PAIRS = 0.6


def main() -> int:
    options = _options()
    if options.replay:
        return _replay(Run.parse(options.replay))
    totals: Counter[str] = Counter()
    problems: list[str] = []
    work = _work(options)
    # Spawned, not forked: each child has a moto and clients of its own from the start.
    context = multiprocessing.get_context("spawn")
    with context.Pool(min(len(work), os.cpu_count() or 1)) as pool:
        for done, (name, counts, found) in enumerate(pool.imap_unordered(do, work), 1):
            totals += counts
            problems += found
            for line in found[:_SHOWN]:
                print(line, flush=True)
            print(f"[{done}/{len(work)}] {name}: {totals['runs']:,} runs", flush=True)
    if len(problems) > _SHOWN:
        print(f"{len(problems):,} problems in all")
    names = ("runs", "crash_points", "violations", "regenerated")
    names += ("guards_removed", "guards_caught")
    print(json.dumps({name: totals[name] for name in names}))
    return 1 if problems else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the sample of pairs")
    parser.add_argument("--runs", type=int, default=_RUNS, help="about so many, at least")
    parser.add_argument("--only", choices=SCENARIOS, help="one scenario, and no guards")
    parser.add_argument("--replay", metavar="ID", help="one run, told call by call")
    return parser.parse_args()


def _work(options: argparse.Namespace) -> list[Share | str]:
    names = [options.only] if options.only else list(SCENARIOS)
    pairs = round(options.runs * _SHARE_OF_PAIRS / (2 * len(names)))
    shares = [
        Share(name, pairs, options.seed, knows_tokens)
        for name in names
        for knows_tokens in (True, False)
    ]
    return shares if options.only else [*shares, *GUARDS]


def _replay(run: Run) -> int:
    with open_world() as world:
        outcome = perform(world, run)
    for call in outcome.calls:
        indent = "    " * call.depth
        fault = run.faults.get(call.number, "")
        print(f"{call.number:4} {indent}{call.process}: {call.operation} {fault}".rstrip())
    print("\n".join(outcome.broken) or "all holds")
    return 1 if outcome.broken else 0


if __name__ == "__main__":
    sys.exit(main())
