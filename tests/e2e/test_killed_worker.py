"""kill -9 in the middle of an image: it arrives all the same, and is paid for once."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.running import eventually

# A message is out of sight for six timeouts of the worker, and comes back after that.
WORKER_SECONDS = 10
ARRIVES_WITHIN = 6 * WORKER_SECONDS + 60


def worker_processes(local):
    """The Lambda processes of the worker, by what Lambda tells them of themselves."""
    wanted = {
        b"AWS_LAMBDA_FUNCTION_NAME=darkroom-local-worker",
        f"AWS_ENDPOINT_URL={local.file['aws']}".encode(),
    }
    found = []
    for folder in Path("/proc").iterdir():
        try:
            environment = (folder / "environ").read_bytes()
        except OSError:
            continue
        if wanted <= set(environment.split(b"\0")):
            found.append(int(folder.name))
    return found


def test_an_image_whose_worker_was_killed_arrives_and_is_paid_for_once(fresh):
    mine = fresh
    mine.variables["CONTEXT"] = f"worker_timeout={WORKER_SECONDS}"
    mine.start()
    body = {"prompt": "mountains above the sea", "width": 4096, "height": 4096}
    job = mine.request("POST", "/v1/jobs", json=body).json()["id"]

    def is_being_made():
        [image] = mine.request("GET", f"/v1/jobs/{job}").json()["images"]
        assert image["status"] != "stored", "it was too quick to be killed"
        return image["status"] == "making"

    eventually(is_being_made, 20, "the lease")
    victims = worker_processes(mine)
    assert victims
    for pid in victims:
        os.kill(pid, signal.SIGKILL)

    def arrived():
        seen = mine.request("GET", f"/v1/jobs/{job}").json()
        return seen if seen["status"] == "completed" else None

    ended = eventually(arrived, ARRIVES_WITHIN, "the image")
    picture = mine.download(ended["images"][0]["url"])
    assert picture.headers["content-type"] == "image/webp"
    assert len(picture.content) == ended["images"][0]["bytes"]
    assert ended["credits"]["charged"] == ended["credits"]["price"]
    assert mine.admin("reconcile").returncode == 0
