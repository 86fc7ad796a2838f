"""`python -m benchmarks.writes`: DynamoDB's write units of a job, by what is written.

The job runs on moto by the real functions; each write is counted at the size of the item that it
leaves or found, the greater, in whole kilobytes, and twice in a transaction. Writes the tables into
docs/scale.md.
"""

from __future__ import annotations

from collections import Counter

from benchmarks import pages
from benchmarks.aws_calls import Written, counted_job

# What one partition of a table takes in a second, and what one item does.
PARTITION_UNITS = 1000
IMAGES = (1, 4, 10)
KINDS = {
    "JOB": "the job",
    "ACCOUNT": "the account",
    "LEDGER": "the ledger's entries",
    "IDEM": "the idempotency record",
    "MEDIA": "the images in the library",
}


def report() -> str:
    of_jobs = {images: counted_job(images)[1] for images in IMAGES}
    heads = ["write units of a job", *(f"of {images}" for images in IMAGES)]
    rows: list[list[object]] = []
    for kind, name in KINDS.items():
        rows.append([name, *(_units(found)[kind] for found in of_jobs.values())])
    totals = [_units(found).total() for found in of_jobs.values()]
    rows.append(["**its workspace's partition**", *totals])
    each = [total / images for images, total in zip(IMAGES, totals, strict=True)]
    rows.append(["an image", *(f"{units:.1f}" for units in each)])
    rows.append(
        ["images a second at 1,000 units", *(int(PARTITION_UNITS / units) for units in each)]
    )
    index = [sum(one.index_units for one in found) for found in of_jobs.values()]
    rows.append(["the index of what is due, elsewhere", *index])
    return pages.table(heads, rows)


def _units(found: list[Written]) -> Counter[str]:
    units: Counter[str] = Counter()
    for one in found:
        units[one.item] += one.units
    return units


if __name__ == "__main__":
    text = report()
    pages.write("scale.md", "writes", text)
    print(text)
