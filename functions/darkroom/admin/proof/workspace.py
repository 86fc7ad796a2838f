"""A workspace made for the proof, which asks the deployed API as a client does."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

import httpx

from darkroom.admin.deployment import Deployment
from darkroom.admin.proof.facts import NotShown, expect

Seen = TypeVar("Seen")
_LOOK_EVERY_SECONDS = 0.5
_JOB_SECONDS = 120
_BYTES_OF_PIXEL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofWorkspace:
    deployment: Deployment
    http: httpx.Client  # of the API's address, with this workspace's key
    name: str
    origin: str = ""  # a page's, that the API lets in
    neighbour: ProofWorkspace | None = None  # of another workspace

    def request(self, method: str, path: str, **given: Any) -> httpx.Response:
        return self.http.request(method, path, **given)

    def asked(self, method: str, path: str, status: int, **given: Any) -> Any:
        """The answer's JSON. Raises Disproved for another status."""
        answer = self.request(method, path, **given)
        is_so = answer.status_code == status
        expect(f"{answer.status_code} instead of {status}", is_so=is_so)
        return answer.json()

    def submit(self, **body: Any) -> str:
        small = {"prompt": "a lighthouse at dusk", "width": 256, "height": 256}
        job = self.asked("POST", "/v1/jobs", HTTPStatus.ACCEPTED, json=small | body)
        return str(job["id"])

    def finished(self, job: str) -> Any:
        """The job once it has ended."""

        def look() -> Any:
            read = self.asked("GET", f"/v1/jobs/{job}", HTTPStatus.OK)
            return read if read["status"] not in {"pending", "processing"} else None

        return wait_for(look, _JOB_SECONDS, "the job has not ended")

    def uploaded_noise(self, side: int) -> str:
        """The id of a picture of noise, which no format makes smaller: its side in pixels."""
        body = noise(side)
        begin = {"name": "noise.png", "content_type": "image/png", "size": len(body)}
        begun = self.asked("POST", "/v1/media/uploads", HTTPStatus.CREATED, json=begin)
        form = begun["upload"]
        sent = httpx.post(form["url"], data=form["fields"], files={"file": body}, timeout=120)
        expect("the form was refused", is_so=sent.is_success)

        def look() -> Any:
            done = self.asked("GET", f"/v1/media/{begun['id']}", HTTPStatus.OK)
            return done if done["status"] in {"ready", "failed"} else None

        self.request("POST", begun["complete"]).raise_for_status()
        media = wait_for(look, _JOB_SECONDS, "the upload was not processed")
        expect("the upload failed", is_so=media["status"] == "ready")
        return str(begun["id"])


def noise(side: int) -> bytes:
    from PIL import Image  # noqa: PLC0415 - of one check alone

    pixels = random.Random(side).randbytes(_BYTES_OF_PIXEL * side * side)  # noqa: S311 - no secret
    file = io.BytesIO()
    Image.frombytes("RGB", (side, side), pixels).save(file, "PNG", compress_level=0)
    return file.getvalue()


def wait_for(look: Callable[[], Seen], seconds: float, otherwise: str) -> Seen:
    """What is seen. Raises NotShown when that takes too long."""
    until = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > until:
            raise NotShown(f"{otherwise} within {seconds:.0f} s")
        time.sleep(_LOOK_EVERY_SECONDS)
    return seen
