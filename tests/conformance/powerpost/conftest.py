from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.conformance.vendors import SECONDS, Vendor, an_image
from tests.running import Local, eventually

GENERATE, GENERATIONS = "/api/v1/images/generate", "/api/v1/images/generations"
CONTENT, CONTENTS = "/api/v1/content/generate", "/api/v1/content/generations"


@pytest.fixture(scope="session")
def opened(local: Local) -> Callable[..., Vendor]:
    """Opens a workspace of its own."""

    def create_workspace(name: str, credits_granted: int = 100_000, **options) -> Vendor:
        return Vendor.opened(
            local,
            "powerpost",
            name,
            credits_granted,
            headers=lambda key, workspace: {"x-api-key": key, "X-Workspace-Id": workspace},
            **options,
        )

    return create_workspace


@pytest.fixture(scope="session")
def powerpost(opened) -> Vendor:
    return opened("powerpost-team", requests_per_minute=100_000, max_in_flight=1000)


@pytest.fixture(scope="session")
def finished() -> Callable[..., dict]:
    """Polls an address as `status_url` gives it, until there is an end."""

    def poll(client: Vendor, address: str) -> dict:
        def look():
            seen = client.get(address).json()
            return seen if seen["status"] in {"completed", "failed"} else None

        return eventually(look, SECONDS, f"the end of {address}")

    return poll


@pytest.fixture(scope="session")
def made(finished) -> Callable[..., dict]:
    """Submits images, and gives the completed generation."""

    def make(client: Vendor, **body) -> dict:
        answer = client.post(GENERATE, body)
        assert answer.status_code == 200, answer.text
        seen = finished(client, answer.json()["status_url"])
        assert seen["status"] == "completed", seen
        return seen

    return make


@pytest.fixture(scope="session")
def written(finished) -> Callable[..., dict]:
    """Has captions written, and gives the completed generation."""

    def write(client: Vendor, prompt: str, *post_types: str, **more) -> dict:
        body = {"prompt": prompt, "post_types": list(post_types), "research_mode": "regular"}
        answer = client.post(CONTENT, body | more)
        assert answer.status_code == 200, answer.text
        seen = finished(client, answer.json()["status_url"])
        assert seen["status"] == "completed", seen
        return seen

    return write


@pytest.fixture(scope="session")
def sent() -> Callable[..., httpx.Response]:
    """Uploads a file as a browser's form does."""

    def send(client: Vendor, body: bytes, name: str = "a.png", kind: str = "image"):
        return client.post(
            "/api/v1/media/upload", files={"file": (name, body)}, data={"type": kind}
        )

    return send


@pytest.fixture(scope="session")
def uploaded(sent) -> Callable[..., str]:
    """An uploaded picture of one colour; gives its media id."""

    def upload(client: Vendor, color: str = "red") -> str:
        answer = sent(client, an_image(color=color))
        assert answer.status_code == 200, answer.text
        return answer.json()["media_id"]

    return upload
