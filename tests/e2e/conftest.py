from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Local


@pytest.fixture(scope="session")
def enforced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    """Each role's policies are enforced, over TLS, as on AWS."""
    folder = tmp_path_factory.mktemp("enforced")
    running = Local(folder, {"ENFORCE_IAM": "1"}).start()
    yield running
    running.stop()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Local]:
    """Not started yet, and nobody else's."""
    made = Local(tmp_path)
    yield made
    if made.process:
        made.stop()
