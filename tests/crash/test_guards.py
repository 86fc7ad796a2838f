"""Each guard once: with it taken away some run turns red, most by the hint of an earlier search."""

from __future__ import annotations

import pytest

from tests.crash.guards import GUARDS
from tests.crash.plan import caught


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_without_each_guard_something_breaks(world, guard):
    assert caught(world, guard), f"nothing turns red without {guard.name}: {guard.what}"
