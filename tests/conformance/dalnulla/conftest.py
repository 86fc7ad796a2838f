from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.vendors import Vendor, bearer_of
from tests.running import Local


@pytest.fixture(scope="session")
def opened(local: Local) -> Callable[..., Vendor]:
    """Opens a workspace of its own."""

    def create_workspace(name: str, credits_granted: int = 10_000, **options) -> Vendor:
        return Vendor.opened(
            local,
            "dalnulla",
            name,
            credits_granted,
            headers=lambda key, _: bearer_of(key),
            **options,
        )

    return create_workspace


@pytest.fixture(scope="session")
def dalnulla(opened) -> Vendor:
    return opened("dalnulla", tier="pro", requests_per_minute=100_000)


@pytest.fixture(scope="session")
def generated() -> Callable[..., dict]:
    """Generates, and gives the answer's body."""

    def generate(client: Vendor, **body) -> dict:
        sent = {"prompt": "a red boat on a lake", **body}
        answer = client.post("/api/v1/generate-image", sent)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return generate


@pytest.fixture(scope="session")
def pixels() -> Callable[..., bytes]:
    """The file at a path that was given out, decoded."""

    def download(client: Vendor, path: str):
        answer = client.get(f"/api/v1/files/{path}", follow_redirects=True)
        assert answer.status_code == 200, answer.text
        return answer.content

    return download
