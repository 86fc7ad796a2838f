from __future__ import annotations

import json

import pytest

from tests.painter.golden import (
    CUT_OUT,
    RECORDED,
    commissions,
    hash_of,
    hash_of_cutout,
    made_with,
    painted,
)

GOLDEN = json.loads(RECORDED.read_text("utf-8"))

pytestmark = pytest.mark.skipif(
    GOLDEN["made_with"] != made_with(),
    reason=f"the pixels were recorded with {GOLDEN['made_with']}, and this is {made_with()}",
)


def test_every_recorded_picture_is_still_asked_for():
    assert list(GOLDEN["paintings"]) == list(commissions())
    assert len(set(GOLDEN["paintings"].values())) > 0.9 * len(GOLDEN["paintings"])


@pytest.mark.parametrize("name", commissions())
def test_a_painting_is_pixel_by_pixel_what_it_was(name):
    assert hash_of(painted(commissions()[name])) == GOLDEN["paintings"][name]


@pytest.mark.parametrize("name", CUT_OUT)
def test_a_cutout_is_pixel_by_pixel_what_it_was(name):
    assert hash_of_cutout(name) == GOLDEN["cutouts"][name]
