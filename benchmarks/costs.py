"""`make costs`: USD per 1,000 images and per idle month, from counted calls and list prices.

A job runs on moto by the real functions, and each call of AWS is priced; what nothing counts is
assumed, in prices.toml. What costs when nothing happens is counted in the synthesized template.
Writes the tables into docs/deploying.md.
"""

from __future__ import annotations

import json
import math
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks import pages
from benchmarks.aws_calls import READ_UNIT, Call, Record, Run, item_size, job_of, written_by
from benchmarks.relay import STREAM_WINDOW_SECONDS, invocations
from tests.stream_filter import wakes_the_relay

PRICES: Mapping[str, Any] = tomllib.loads(
    (Path(__file__).parent / "prices.toml").read_text("utf-8")
)
ASSUMED, MONTHS = PRICES["assumed"], PRICES["months"]
IMAGES = (1, 4)
# As in infra/functions.py, which the tests compare.
MEMORY_MB = {"submit": 1024, "status": 1024, "worker": 2048, "relay": 512, "sweeper": 512}
SECONDS_A_MONTH = 30 * 86400
POLL_SECONDS = 20
GB = 1024**3

Costs = dict[str, float]


def costs_of_images() -> str:
    """Of 1,000 images, by what is paid for."""
    found = {images: _of_job(images) for images in IMAGES}
    heads = ["USD per 1,000 images", *(f"{n} a job" for n in IMAGES)]
    rows = [
        [name, *(_dollars(1000 / n * costs[name]) for n, costs in found.items())]
        for name in found[IMAGES[0]]
    ]
    for seconds in ASSUMED["waits_seconds"]:
        waiting = _gb_seconds("worker", seconds) * PRICES["units"]["gb_second"]
        totals = [1000 / n * sum(costs.values()) + 1000 * waiting for n, costs in found.items()]
        name = f"**all, where the worker waits {seconds} s for its provider**"
        rows.append([name, *map(_dollars, totals)])
    megabytes = 1000 * (ASSUMED["image_megabytes"] + ASSUMED["thumbnail_megabytes"])
    for name, price in (
        ("kept, a month", "media_gb_month"),
        ("sent to clients once", "transfer_gb"),
    ):
        rows.append([f"files {name}", *[_dollars(megabytes / 1024 * PRICES["units"][price])] * 2])
    return pages.table(heads, rows)


def costs_of_a_month(template: Mapping[str, Any]) -> str:
    """Of a deployment without a request."""
    counted = Counter(_paid_by_the_month(template))
    rows: list[tuple[str, object, str]] = [
        (kind, number, _dollars(number * MONTHS[kind])) for kind, number in sorted(counted.items())
    ]
    queues = sum(
        "BatchSize" in one["Properties"] and "StartingPosition" not in one["Properties"]
        for one in _of_type(template, "AWS::Lambda::EventSourceMapping")
    )
    looks = queues * ASSUMED["pollers"] * SECONDS_A_MONTH // POLL_SECONDS
    rows.append(
        (f"Lambda's looks into {queues} queues", looks, _dollars(_millions("sqs_request") * looks))
    )
    sweeps = SECONDS_A_MONTH // 60
    rows.append(("the sweeper, each minute", sweeps, _dollars(sweeps * _of_a_sweep())))
    total = sum(float(row[2]) for row in rows)
    return pages.table(
        ["an idle month", "number", "USD"], [*rows, ("**all**", "", _dollars(total))]
    )


def _of_job(images: int) -> Costs:
    with job_of(images) as (run, records):
        job = next(
            r for r in records if r["eventName"] == "INSERT" and _sort_key(r).startswith("JOB#")
        )
        name = _sort_key(job).removeprefix("JOB#")
        for _ in range(ASSUMED["polls"]):
            run.by("status", lambda: run.system.http("GET", f"/v1/jobs/{name}"))
        for image in run.system.http("GET", f"/v1/jobs/{name}").json["images"]:
            path, _, query = image["url"].removeprefix("https://darkroom.test").partition("?")
            asked = dict(pair.split("=", 1) for pair in query.split("&"))
            run.by("status", lambda p=path, q=asked: run.system.http("GET", p, query=q, key=""))
        run.by("relay", lambda: _relay(run, records))
        return _priced(run, records, images)


def _relay(run: Run, records: list[Record]) -> None:
    woken = [record for record in records if wakes_the_relay(record)]
    run.system.handlers["relay"].handler({"Records": woken}, None)


def _priced(run: Run, records: list[Record], images: int) -> Costs:
    written = written_by(run.calls, records, run.system.environment["TABLE_NAME"])
    times = {
        "submit": 1,
        "status": ASSUMED["polls"] + images,
        "worker": images,
        "relay": invocations(records, wakes_the_relay, STREAM_WINDOW_SECONDS),
    }
    requests = Counter(call.service for call in run.calls)
    events = sum(len(c.arguments["Entries"]) for c in run.calls if c.operation == "PutEvents")
    puts = sum(call.operation == "PutObject" for call in run.calls)
    return {
        "API Gateway": _millions("api_request") * (times["submit"] + times["status"]),
        "DynamoDB, writes": _millions("write_unit")
        * sum(one.units + one.index_units for one in written),
        "DynamoDB, reads": _millions("read_unit") * sum(map(_read_units, run.calls)),
        # Lambda receives and deletes each message.
        "SQS": _millions("sqs_request") * (requests["sqs"] + 2 * images),
        "S3": _millions("s3_write") * puts + _millions("s3_read") * (requests["s3"] - puts),
        "EventBridge": _millions("event") * events,
        "Lambda, without waiting": sum(_of_function(*one) for one in times.items()),
        "logs": sum(times.values()) * ASSUMED["log_bytes"] / GB * PRICES["units"]["log_gb"],
        "traces, of every request": sum(times.values()) * _millions("trace"),
    }


def _of_function(name: str, times: float) -> float:
    seconds = _gb_seconds(name, ASSUMED[f"{name}_milliseconds"] / 1000)
    return times * (seconds * PRICES["units"]["gb_second"] + _millions("lambda_request"))


def _gb_seconds(name: str, seconds: float) -> float:
    return MEMORY_MB[name] / 1024 * seconds


def _of_a_sweep() -> float:
    """Its queries of an empty index and its look at the dead letters, half a read unit each."""
    with job_of(1) as (run, _):
        run.calls.clear()
        run.by("sweeper", lambda: run.system.handlers["sweeper"].handler({}, None))
        queries = sum(call.operation == "Query" for call in run.calls)
        looks = sum(call.service == "sqs" for call in run.calls)
    logged = ASSUMED["log_bytes"] / GB * PRICES["units"]["log_gb"]
    calls = queries / 2 * _millions("read_unit") + looks * _millions("sqs_request")
    return calls + _of_function("sweeper", 1) + logged + _millions("trace")


def _read_units(call: Call) -> float:
    found = {
        "GetItem": lambda: [call.answer.get("Item", {})],
        "Query": lambda: call.answer["Items"],
        "BatchGetItem": lambda: [i for t in call.answer["Responses"].values() for i in t],
    }.get(call.operation)
    if found is None:
        return 0
    size = sum(map(item_size, found()))
    units = max(1, math.ceil(size / READ_UNIT))
    return units if call.arguments.get("ConsistentRead") else units / 2


def _paid_by_the_month(template: Mapping[str, Any]) -> Iterator[str]:
    for kind in MONTHS:
        for one in _of_type(template, kind):
            metrics = [m for m in one["Properties"].get("Metrics", ()) if "MetricStat" in m]
            yield from [kind] * max(1, len(metrics))


def _of_type(template: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [one for one in template["Resources"].values() if one["Type"] == kind]


def _sort_key(record: Record) -> str:
    return str(record["dynamodb"]["Keys"]["sk"]["S"])


def _millions(name: str) -> float:
    return float(PRICES["millions"][name]) / 1_000_000


def _dollars(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.2f}"


def main() -> None:
    # CDK starts when it is imported, and only this command needs it.
    from infra.app import synthesize  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        assembly = synthesize({"stage": "prod", "bundle": "code"}, folder)
        [file] = assembly.glob("*.template.json")
        month = costs_of_a_month(json.loads(file.read_text("utf-8")))
    for name, text in (("images", costs_of_images()), ("month", month)):
        pages.write("deploying.md", f"costs: {name}", text)
        print(text, end="\n\n")


if __name__ == "__main__":
    main()
