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
            "supapost",
            name,
            credits_granted,
            headers=lambda key, _: bearer_of(key),
            **options,
        )

    return create_workspace


@pytest.fixture(scope="session")
def supapost(opened) -> Vendor:
    return opened("supapost-team", requests_per_minute=100_000, max_in_flight=1000)


@pytest.fixture(scope="session")
def finished() -> Callable[..., dict]:
    """Waits for a job's end as the documented client does, by polling, and gives the job."""

    def poll(client: Vendor, job: str) -> dict:
        def look():
            seen = client.get(f"/jobs/{job}").json()
            return seen if seen["status"] in {"completed", "failed"} else None

        return eventually(look, SECONDS, f"the end of job {job}")

    return poll


@pytest.fixture(scope="session")
def asset_of() -> Callable[..., dict]:
    """A job's image in the library, wherever others that end meanwhile have moved it."""

    def find(client: Vendor, job: dict) -> dict:
        listed = client.get("/assets", params={"limit": 100}).json()["data"]
        return next(asset for asset in listed if asset["metadata"].get("jobId") == job["id"])

    return find


@pytest.fixture(scope="session")
def made(finished) -> Callable[..., dict]:
    """Submits, and gives the finished job."""

    def make(client: Vendor, **body) -> dict:
        answer = client.post("/generate/image", {"prompt": "a red boat", **body})
        assert answer.status_code == 202, answer.text
        job = finished(client, answer.json()["jobId"])
        assert job["status"] == "completed", job
        return job

    return make
