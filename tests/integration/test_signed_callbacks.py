"""A signed callback, from the function that gets it to the worker that verifies it."""

import json
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from PIL import Image

from darkroom.domain.attempts import Attempt, PendingGeneration
from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.worker_ports import GeneratedImage, GenerationStarted
from darkroom.providers.interface import HttpReply
from darkroom.providers.router import ProviderRouter
from darkroom.providers.sender import HttpSender
from darkroom.providers.vendors.fal import Fal
from tests.unit.test_provider_callbacks import BODY, KEY, OTHER, by_fal, jwks


def png():
    image = BytesIO()
    Image.new("RGB", (64, 64), "red").save(image, "PNG")
    return image.getvalue()


@pytest.fixture
def looks(system, monkeypatch):
    """Fal makes the images, and gives each at the first look."""
    seen = []
    tried = Attempt(provider="fal", model="flux", outcome="made", milliseconds=1)

    def begin(_maker, _making, _routes):
        now = datetime.now(UTC)
        pending = PendingGeneration(
            provider="fal",
            model="flux",
            id="task-1",
            poll="https://queue.fal.run/a",
            cancel="",
            pace=600,
            begun_at=now,
            signs=True,
        )
        return GenerationStarted(pending=pending, attempts=())

    def poll_image(_maker, pending, _earlier):
        seen.append(pending.id)
        route = ProviderRoute(provider="fal", model="flux")
        return GeneratedImage(body=png(), route=route, attempts=(tried,))

    monkeypatch.setattr(ProviderRouter, "make", begin)
    monkeypatch.setattr(ProviderRouter, "poll_image", poll_image)
    verifier = system.handlers["worker"]._worker.check_callback.keywords["verifier"]
    monkeypatch.setattr(verifier, "_adapter_of", lambda _: Fal({"key": "k"}))
    published = HttpReply(status=200, headers={}, body=jwks(OTHER, KEY))
    monkeypatch.setattr(HttpSender, "send", lambda *_: published)
    return seen


def test_only_what_its_provider_has_signed_has_a_worker_look(system, looks, monkeypatch):
    log = system.handlers["worker"]._log
    written = StringIO()
    monkeypatch.setattr(log.registered_handler, "stream", written)
    job = system.submit(width=64, height=64).json["id"]
    system.work()
    [item] = [one for one in system.items() if one["sk"]["S"] == f"JOB#{job}"]
    token = item["slots"]["M"]["0"]["M"]["parked"]["M"]["token"]["S"]
    place = f"/v1/callbacks/acme/{job}/0/{token}"
    now = datetime.now(UTC)
    forged = {**by_fal(at=now), "x-fal-webhook-user-id": "another"}

    assert system.http("POST", place, BODY, key="").status == 404
    assert system.messages() == []

    assert system.http("POST", place, BODY, key="", headers=forged).status == 200
    system.work()
    assert looks == []
    line = json.loads(written.getvalue().splitlines()[-1])
    assert (line["outcome"], line["why"]) == ("nothing_to_do", "bad_signature")
    assert line["job"] == job

    assert system.http("POST", place, BODY, key="", headers=by_fal(at=now)).status == 200
    system.work()
    assert looks == ["task-1"]
    assert system.http("GET", f"/v1/jobs/{job}").json["status"] == "completed"
    assert "signature" not in written.getvalue().replace("bad_signature", "")
