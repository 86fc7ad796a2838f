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
            "posteverywhere",
            name,
            credits_granted,
            headers=lambda key, _: bearer_of(key),
            **options,
        )

    return create_workspace


@pytest.fixture(scope="session")
def posteverywhere(opened) -> Vendor:
    return opened("posteverywhere", requests_per_minute=100_000)


@pytest.fixture(scope="session")
def generated() -> Callable[..., dict]:
    """Generates, and gives the answer's data."""

    def generate(client: Vendor, **body) -> dict:
        answer = client.post("/ai/generate-image", {"prompt": "a red boat", **body})
        assert answer.status_code == 201, answer.text
        return answer.json()["data"]

    return generate


@pytest.fixture(scope="session")
def refused() -> Callable[..., dict]:
    """The error of an answer, once all around it is as every answer has it."""

    def error_of(answer, status: int) -> dict:
        assert answer.status_code == status, answer.text
        body = answer.json()
        assert set(body) == {"data", "error", "meta"}
        assert body["data"] is None
        assert set(body["meta"]) == {"request_id", "timestamp"}
        assert isinstance(body["error"]["message"], str)
        return body["error"]

    return error_of
