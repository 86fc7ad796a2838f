from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.vendors import SECONDS, Vendor, bearer_of
from tests.running import Local, eventually


@pytest.fixture(scope="session")
def opened(local: Local) -> Callable[..., Vendor]:
    """Opens a workspace of its own."""

    def create_workspace(name: str, credits_granted: int = 10_000, **options) -> Vendor:
        return Vendor.opened(
            local,
            "qolaba",
            name,
            credits_granted,
            headers=lambda key, _: bearer_of(key),
            **options,
        )

    return create_workspace


@pytest.fixture(scope="session")
def qolaba(opened) -> Vendor:
    return opened("qolaba", requests_per_minute=100_000)


@pytest.fixture(scope="session")
def penniless(opened) -> Vendor:
    """Whose good requests are answered 402, and whose others with what is wrong with them."""
    return opened("qolaba-penniless", 0, requests_per_minute=100_000)


@pytest.fixture(scope="session")
def generated() -> Callable[..., dict]:
    """Generates while it waits, and gives the answer's body."""

    def generate(client: Vendor, **body) -> dict:
        sent = {"model": "vertex/nano-banana-flash", "prompt": "a red boat", **body}
        answer = client.post("/api/v1/images/generate", sent)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return generate


@pytest.fixture(scope="session")
def task_of() -> Callable[..., str]:
    """Submits a task, and gives its id."""

    def submit(client: Vendor, **body) -> str:
        sent = {"model": "vertex/nano-banana-flash", "prompt": "a red boat", "celery": True, **body}
        answer = client.post("/api/v1/images/generate", sent)
        assert answer.status_code == 202, answer.text
        return answer.json()["task_id"]

    return submit


@pytest.fixture(scope="session")
def ended() -> Callable[..., dict]:
    """Polls a task as the document says: until its status is SUCCESS or FAILED."""

    def poll(client: Vendor, task: str) -> dict:
        def look():
            seen = client.get(f"/api/v1/tasks/{task}").json()
            return seen if seen["status"] in {"SUCCESS", "FAILED"} else None

        return eventually(look, SECONDS, f"the end of {task}")

    return poll
