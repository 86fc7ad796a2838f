"""What every test has: no AWS of the machine's owner, and no way to reach it by accident."""

from __future__ import annotations

import os

import pytest

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
