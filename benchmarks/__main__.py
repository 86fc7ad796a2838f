"""`make bench`: what things cost on this machine, as a table and as one JSON line at the end.

Trust the ratios: machines differ, and shared ones differ from minute to minute.
"""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from darkroom.domain.image_request import Format, Output
from darkroom.domain.worker_ports import Origin
from darkroom.imaging.finish import PillowFinisher
from painter import Commission, paint

RUNS = 5
SIDES = (1024, 2048, 4096)
PROMPT = "a red sailboat on a mountain lake at sunset"
FORMATS: tuple[Format, ...] = ("webp", "png", "jpeg")
ORIGIN = Origin(provider="painter", model="painter", trained=False)
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_DEFAULT_REGION": "us-east-1",
    "STAGE": "bench",
    "LOG_LEVEL": "INFO",
    "TABLE_NAME": "t",
    "WAITS_TABLE_NAME": "w",
    "WAITS_PER_KEY": "20",
    "WAITS_PER_WORKSPACE": "40",
    "BUCKET_NAME": "b",
    "IMAGES_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/1/q",
    "BACKLOG_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/1/b",
    "WORKSPACE_SHARE": "5",
    "WEBHOOKS_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/1/w",
    "SLOW_WEBHOOKS_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/1/s",
    "WEBHOOKS_PER_WORKSPACE": "10",
    "PUBLIC_URL": "https://darkroom.example",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/1/d",
    "SIGNING_SECRET": "s",
    "WEBHOOK_SECRET": "s",
    "LEASE_SECONDS": "130",
    "PROVIDERS": "painter",
    "STAND_IN": "",
    "FETCH_FROM": "",
    "WRITER_URL": "",
    "WRITER_MODEL": "",
    "WRITER_SECRET": "",
    "JWT_ISSUER": "",
    "JWT_AUDIENCE": "",
    "JWT_JWKS_URL": "",
}
# What most functions of this kind are built with, but for the tracer, whose SDK we do not have;
# it would add half as much again.
USUAL = """
import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from pydantic import BaseModel
Logger(service="x")
Metrics(namespace="x", service="x")
APIGatewayHttpResolver(enable_validation=True)
boto3.client("dynamodb")
boto3.client("sqs")
"""


def cold_starts() -> dict[str, float]:
    """Whole processes, from nothing to a loaded handler, in milliseconds."""
    programs = {"bare python": "pass"}
    for name in ("submit", "status", "worker", "sweeper"):
        programs[f"{name} handler"] = f"import darkroom.handlers.{name}"
    programs["usual stack, no tracer"] = USUAL
    return {f"cold start: {name}": _process(program) for name, program in programs.items()}


def _process(program: str) -> float:
    environment = ENVIRONMENT | {"PYTHONPATH": ":".join(sys.path)}

    def run() -> None:
        subprocess.run([sys.executable, "-c", program], env=environment, check=True)

    return _median(run, time.perf_counter)


def pictures() -> dict[str, float]:
    figures = {}
    for side in SIDES:
        commission = Commission(prompt=PROMPT, width=side, height=side, seed=1)
        figures[f"paint {side}"] = _median(partial(paint, commission), time.process_time)
        body = io.BytesIO()
        paint(commission).save(body, "PNG", compress_level=1)
        for fmt in FORMATS:
            finish = partial(
                PillowFinisher().finish,
                body.getvalue(),
                width=side,
                height=side,
                output=Output(format=fmt),
                origin=ORIGIN,
            )
            figures[f"finish {side} as {fmt}"] = _median(finish, time.process_time)
    return figures


def _median(act: Callable[[], object], clock: Callable[[], float]) -> float:
    spent = []
    for _ in range(RUNS):
        begun = clock()
        act()
        spent.append((clock() - begun) * 1000)
    return round(statistics.median(spent), 1)


def main() -> None:
    figures = cold_starts() | pictures()
    for name, milliseconds in figures.items():
        print(f"{name:<36}{milliseconds:>9.1f} ms")
    print(json.dumps({"unit": "ms", "runs": RUNS, "figures": figures}))


if __name__ == "__main__":
    main()
