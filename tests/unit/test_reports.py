"""What a worker reports of an image that is not there."""

from dataclasses import replace

import pytest

from darkroom.domain.attempts import Attempt
from darkroom.domain.job import Failure
from darkroom.domain.worker_ports import GenerationFailed
from tests.unit.test_process_slot import MADE, OUTAGE, Studio

BUSY = Attempt(provider="fal", model="m", outcome="rate_limited", milliseconds=1, reason="theirs")
DOWN = GenerationFailed(
    failure=Failure(code="provider_failed", message="down"), may_retry=True, attempts=(BUSY,)
)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([DOWN], "fal rate_limited"),
        ([replace(DOWN, busy_for=9)], "fal rate_limited"),
        # The latest of several is the one that tells.
        ([replace(DOWN, attempts=(*OUTAGE.attempts, BUSY))], "fal rate_limited"),
        # Nobody was asked: every route is left alone just now.
        ([replace(DOWN, attempts=())], "provider_failed"),
        # What an earlier lease has tried is no reason for this one.
        ([DOWN, replace(DOWN, attempts=())], "provider_failed"),
        ([DOWN, DOWN, DOWN], "fal rate_limited"),
        ([replace(DOWN, may_retry=False)], "fal rate_limited"),
    ],
)
def test_an_image_that_is_not_there_has_a_reason(answers, why):
    studio = Studio()
    studio.answers = list(answers)
    reports = [studio.work() for _ in answers]
    assert reports[-1].result in {"retry", "failed"}
    assert reports[-1].why == why


def test_an_image_that_could_not_be_read_was_made_all_the_same():
    studio = Studio()
    studio.unreadable = True
    made = replace(OUTAGE.attempts[0], outcome="made")
    studio.make = lambda _making, _routes: replace(MADE, attempts=(made,))
    assert studio.work().why == "painter unreadable"


def test_an_image_that_is_there_needs_none():
    assert Studio().work().why == ""
