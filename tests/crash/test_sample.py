"""A sample of `python -m tests.crash` for every day: counted, and the same each time."""

from __future__ import annotations

import pytest

from tests.crash.plan import Share, outcomes, singles
from tests.crash.runs import Run


def _broken(done):
    outcomes_seen = list(done)
    broken = {str(outcome.run): outcome.broken for outcome in outcomes_seen if outcome.broken}
    return len(outcomes_seen), broken


@pytest.mark.parametrize("scenario", ["one", "cancel_between", "asked_and_rejected"])
def test_no_single_fault_breaks_an_invariant(world, scenario):
    runs, broken = _broken(singles(world, Run(scenario)))
    assert broken == {}
    assert runs > 60


@pytest.mark.parametrize("scenario", ["one", "cancel_between"])
def test_a_transaction_sent_twice_breaks_nothing_even_where_aws_does_not_know_it(world, scenario):
    runs, broken = _broken(singles(world, Run(scenario, knows_tokens=False)))
    assert broken == {}
    assert runs == 5  # as it is, and two transactions each with two kinds of lost answers


@pytest.mark.parametrize(
    ("scenario", "at_least"),
    [("worker_oversleeps", 100), ("two_submits_one_key", 100), ("waited", 90 + 30)],
)
def test_no_single_fault_and_no_pair_of_them_breaks_an_invariant(world, scenario, at_least):
    runs, broken = _broken(outcomes(world, Share(scenario, pairs=30, seed=1)))
    assert broken == {}
    assert runs > at_least


def test_a_run_is_known_by_its_name():
    for name in ("one", "two@7.crash_after@12.response_lost", "one@3.throttled!end_in_one"):
        assert str(Run.parse(name)) == name
        assert str(Run.parse(name + "+no_tokens")) == name + "+no_tokens"
