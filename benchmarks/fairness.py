"""`python -m benchmarks.fairness`: how long a small workspace waits while a large one floods.

Starts a local system of its own on free ports, plays a flood of images and a flood of webhooks that
answer slowly, and prints the small workspace's waiting times as a table and as one JSON line.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from tests.running import Local

JOBS, IMAGES_A_JOB = 43, 8  # 344 images
SMALL = {"prompt": "a mill", "width": 64, "height": 64}
LARGE = {"prompt": "a harbour at sunset", "width": 512, "height": 512, "n": IMAGES_A_JOB}
LOOKS_OF_B = 4
RECEIVERS, EVENTS = 20, 52  # 1,040 deliveries
SLOW_SECONDS = 12
GIVES_UP_SECONDS = 240
ENDED = {"completed", "partial", "failed", "canceled"}


class Workspace:
    def __init__(self, local: Local, name: str) -> None:
        key = local.new_workspace(name, 100_000, max_in_flight=1000, requests_per_minute=100_000)
        self._client = httpx.Client(
            base_url=local.api, headers={"Authorization": f"Bearer {key}"}, timeout=60
        )

    def post(self, path: str, body: Any) -> Any:
        answer = self._client.post(path, json=body)
        answer.raise_for_status()
        return answer.json()

    def status(self, job: str) -> str:
        # Polls are limited by each process; one that is refused is no news.
        return str(self._client.get(f"/v1/jobs/{job}").json().get("status"))

    def seconds_of_a_small_job(self) -> float:
        begun = time.monotonic()
        job = self.post("/v1/jobs", SMALL)["id"]
        return _seconds_until(lambda: self.status(job) in ENDED, begun)


def images(local: Local) -> dict[str, Any]:
    large, small = Workspace(local, "large"), Workspace(local, "small")
    small.seconds_of_a_small_job()  # functions are warm from here on
    alone = small.seconds_of_a_small_job()
    begun = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        jobs = [job["id"] for job in pool.map(lambda _: large.post("/v1/jobs", LARGE), range(JOBS))]
    accepted = time.monotonic() - begun
    waits = []
    for _ in range(LOOKS_OF_B):
        waits.append(small.seconds_of_a_small_job())
        time.sleep(2)
    for job in jobs:
        _seconds_until(lambda job=job: large.status(job) in ENDED, begun, every=0.2)
    whole = time.monotonic() - begun
    return {
        "images of the large workspace": JOBS * IMAGES_A_JOB,
        "accepted within": round(accepted, 1),
        "small job, alone": round(alone, 2),
        "small job, under the flood": [round(wait, 2) for wait in waits],
        "the flood's end": round(whole, 1),
        "the flood's images a second": round(JOBS * IMAGES_A_JOB / whole, 1),
    }


def webhooks(local: Local) -> dict[str, Any]:
    large, small = Workspace(local, "slow"), Workspace(local, "quick")
    with _receiver(0) as quick, _receivers(RECEIVERS, SLOW_SECONDS) as slow:
        small.post("/v1/webhooks", {"url": quick.url, "events": ["job.completed"]})
        _seconds_of_a_delivery(small, quick)
        alone = _seconds_of_a_delivery(small, quick)
        for receiver in slow:
            large.post("/v1/webhooks", {"url": receiver.url, "events": ["image.stored"]})
        begun = time.monotonic()
        counts = [10] * (EVENTS // 10) + [EVENTS % 10]
        jobs = [large.post("/v1/jobs", SMALL | {"n": n})["id"] for n in counts]
        for job in jobs:
            _seconds_until(lambda job=job: large.status(job) in ENDED, begun, every=0.2)
        waits = [_seconds_of_a_delivery(small, quick)]
        if waits[0] < GIVES_UP_SECONDS:
            for _ in range(LOOKS_OF_B - 1):
                time.sleep(5)
                waits.append(_seconds_of_a_delivery(small, quick))
        arrived = sum(receiver.arrived for receiver in slow)
    return {
        "deliveries of the large workspace": RECEIVERS * EVENTS,
        "seconds until its receivers answer": SLOW_SECONDS,
        "a delivery, alone": round(alone, 2),
        "a delivery, under the flood": [round(wait, 2) for wait in waits],
        "the flood's deliveries begun by then": arrived,
    }


class _Receiver(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seconds, self.arrived = seconds, 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: _Receiver

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        with self.server.lock:
            self.server.arrived += 1
        time.sleep(self.server.seconds)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _receiver(seconds: float) -> Iterator[_Receiver]:
    with _receivers(1, seconds) as [receiver]:
        yield receiver


@contextmanager
def _receivers(count: int, seconds: float) -> Iterator[list[_Receiver]]:
    servers = [_Receiver(seconds) for _ in range(count)]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield servers
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _seconds_of_a_delivery(workspace: Workspace, receiver: _Receiver) -> float:
    """From the request of a small job to the arrival of the news of its end."""
    before, begun = receiver.arrived, time.monotonic()
    workspace.post("/v1/jobs", SMALL)
    return _seconds_until(lambda: receiver.arrived > before, begun)


def _seconds_until(look: Callable[[], bool], begun: float, every: float = 0.05) -> float:
    while not look():
        if time.monotonic() - begun > GIVES_UP_SECONDS:
            return GIVES_UP_SECONDS
        time.sleep(every)
    return time.monotonic() - begun


PARTS: dict[str, Callable[[Local], dict[str, Any]]] = {"images": images, "webhooks": webhooks}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fairness", description=__doc__)
    parser.add_argument("--only", choices=PARTS)
    only = parser.parse_args().only
    figures = {}
    for name, part in PARTS.items():
        if only in {None, name}:
            with tempfile.TemporaryDirectory() as folder:
                local = Local(Path(folder)).start()
                try:
                    figures[name] = part(local)
                finally:
                    local.stop()
    for name, lines in figures.items():
        print(f"{name} (seconds)")
        for label, value in lines.items():
            print(f"  {label:<40}{value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
