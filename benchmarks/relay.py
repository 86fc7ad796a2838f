"""`python -m benchmarks.relay`: how often a job wakes the relay, by a broad filter and by its own.

The job runs on moto, by the real functions. Its changes of the table are put on a clock: images are
made at the same time and take `IMAGE_SECONDS` each. Lambda reads a shard four times a second and
keeps the changes of one item together; other items may be served by functions of their own, as
here, which is the most invocations that there can be. Writes the table into docs/scale.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import pages
from benchmarks.aws_calls import Record, counted_job
from infra.relay_filter import STREAM_WINDOW_SECONDS
from tests.stream_filter import wakes_the_relay

IMAGES = (1, 4, 10)
IMAGE_SECONDS = 10
# The next image ends this much later than the one before.
APART_SECONDS = 0.1
STARTED_SECONDS = 0.1
LOOKS_EACH_SECONDS = 0.25
HEADS = (
    "images of the job",
    "changes of the table",
    "let through before",
    "now",
    "invocations before",
    "now",
)
ONCE_FILTERED = ("JOB#", "MEDIA#", "WEBHOOK#")


def passed_before(record: Record) -> bool:
    sort_key = record["dynamodb"]["Keys"]["sk"]["S"]
    return sort_key.startswith(ONCE_FILTERED) or sort_key == "ACCOUNT"


def timed(records: list[Record]) -> Iterator[tuple[float, Record]]:
    """With the second at which it would be written."""
    now = 0.0
    for record in records:
        before, after = (stored_in(record, image) for image in ("OldImage", "NewImage"))
        if after > before:
            now = IMAGE_SECONDS + after * APART_SECONDS
        # All leases come at once; on moto each waits for the image before.
        is_lease = record["eventName"] == "MODIFY" and "lease" in changed(record)
        yield STARTED_SECONDS if is_lease else now, record


def stored_in(record: Record, image: str) -> int:
    return sum(slot["status"]["S"] == "stored" for slot in _slots(record, image))


def changed(record: Record) -> set[str]:
    """What of the slots has another value now, and one at all."""
    pairs = zip(_slots(record, "OldImage"), _slots(record, "NewImage"), strict=False)
    return {
        name
        for before, after in pairs
        for name in after
        if before.get(name) != after[name] != {"NULL": True}
    }


def _slots(record: Record, image: str) -> list[dict[str, Any]]:
    slots = record["dynamodb"].get(image, {}).get("slots", {}).get("M", {})
    return [slot["M"] for slot in slots.values()]


def invocations(records: list[Record], passes: Callable[[Record], bool], window: float) -> int:
    """Batches: of each item, what comes within the window after the first."""
    times: dict[str, list[float]] = defaultdict(list)
    for at, record in timed(records):
        if passes(record):
            times[str(record["dynamodb"]["Keys"])].append(at)
    batches = 0
    for found in times.values():
        until = -1.0
        for at in sorted(found):
            if at >= until:
                batches, until = batches + 1, at + window
    return batches


def report() -> str:
    rows = []
    for images in IMAGES:
        records, _ = counted_job(images)
        rows.append(
            (
                images,
                len(records),
                sum(map(passed_before, records)),
                sum(map(wakes_the_relay, records)),
                invocations(records, passed_before, LOOKS_EACH_SECONDS),
                invocations(records, wakes_the_relay, STREAM_WINDOW_SECONDS),
            )
        )
    return pages.table(HEADS, rows)


if __name__ == "__main__":
    text = report()
    pages.write("scale.md", "relay", text)
    print(text)
