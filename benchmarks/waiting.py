"""`python -m benchmarks.waiting`: how many functions one key can hold by waiting.

Starts a local system of its own on free ports, gives it so much work that the last job takes half a
minute, and asks for that job with fifty requests at once, each of which would wait for 20 s. Prints
how many of them held a function, as one JSON line.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from tests.running import Local

REQUESTS, WAIT_SECONDS = 50, 20
JOBS = 40
LARGE = {"prompt": "a harbour at sunset", "width": 1024, "height": 1024, "n": 10}
# Far more than an answer without a wait takes here, and far less than one with.
HELD_SECONDS = 5


def measure(local: Local) -> dict[str, Any]:
    key = local.new_workspace("waiting", 100_000, max_in_flight=1000, requests_per_minute=100_000)
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=local.api, headers=headers, timeout=90) as client:
        jobs = [client.post("/v1/jobs", json=LARGE).json()["id"] for _ in range(JOBS)]
        path = f"/v1/jobs/{jobs[-1]}"

        def poll(_number: int) -> httpx.Response:
            return client.get(path, params={"wait": WAIT_SECONDS})

        with ThreadPoolExecutor(REQUESTS) as pool:
            answers = list(pool.map(poll, range(REQUESTS)))
        for job in jobs:
            client.post(f"/v1/jobs/{job}/cancel")
    # As the functions themselves saw it: fifty cold starts at once take a machine a while.
    served = [one for one in local.entries("request") if one.get("route") == "/v1/jobs/{id}"]
    return {
        "answers": Counter(answer.status_code for answer in answers),
        "held a function": sum(one["duration_ms"] > HELD_SECONDS * 1000 for one in served),
        "answered without a wait, and told so": sum(
            answer.headers.get("preference-applied") == "wait=0" for answer in answers
        ),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        local = Local(Path(folder)).start()
        try:
            print(json.dumps(measure(local)))
        finally:
            local.stop()


if __name__ == "__main__":
    main()
