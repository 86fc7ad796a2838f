"""What every test has: no AWS of the machine's owner, and no way to reach it by accident."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

import httpcore
import httpx
import pytest
from botocore.loaders import JSONFileLoader
from hypothesis import settings

from tests.running import Local

# The same cases at each run, so that a change that has nothing to do with a rare case is not red by
# it; one that was found is kept as an example. `make explore` draws anew.
# Hypothesis loads a profile of its own where it takes the machine for a CI server: ours start from
# its defaults, so that they are the same everywhere.
DEFAULTS = settings.get_profile("default")
settings.register_profile("test", DEFAULTS, derandomize=True, deadline=None)
settings.register_profile("explore", DEFAULTS, max_examples=2000, deadline=None, print_blob=True)
settings.load_profile("test")

HARMLESS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture(autouse=True)
def _harmless_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith(("AWS_", "POWERTOOLS_"))]:
        monkeypatch.delenv(name)
    for name, value in HARMLESS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session", autouse=True)
def _read_once() -> Iterator[None]:
    """AWS's descriptions and the certificates: read anew for each client, they are half of the
    time of tests that make many.
    """
    read = cache(JSONFileLoader().load_file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JSONFileLoader, "load_file", lambda _, path: read(path))
        patch.setattr(httpcore, "default_ssl_context", cache(httpcore.default_ssl_context))
        contexts = cache(httpx.create_ssl_context)
        patch.setattr("httpx._transports.default.create_ssl_context", contexts)
        yield


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    running = Local(tmp_path_factory.mktemp("local")).start()
    yield running
    running.stop()
