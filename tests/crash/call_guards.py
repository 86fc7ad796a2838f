"""What keeps the repeats of a call from a job of their own, and what happens without it."""

from __future__ import annotations

from tests.crash.guard import Guard
from tests.crash.removals import condition

CALLS = (
    Guard(
        name="overtaken_try_joins",
        what="a first try looks whether its repeat has made the job already",
        removed=condition("attribute_not_exists(early)", ":most"),
        hints=("two_tries_at_once",),
    ),
    Guard(
        name="asked_again_joins",
        what="a call that was asked to come again joins the job that it has",
        removed=condition("attribute_not_exists(retriable)", ":most"),
        hints=("called_and_asked_again_without_a_count",),
    ),
)
