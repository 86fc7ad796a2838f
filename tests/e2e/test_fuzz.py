"""A few cases of every operation of every dialect; `make fuzz` runs thousands."""

from tests.fuzz.running import DIALECTS, fuzzed

CASES = 180
# Only a provider knows the token that it was given.
NEVER_SERVED = {"native providerCallback"}


def test_every_operation_answers_as_it_is_described_and_only_to_its_own(local):
    report = fuzzed(local, CASES, seed=7)
    assert "\n".join(map(str, report.findings)) == ""
    assert report.cases >= CASES
    assert {name.partition(" ")[0] for name in report.answers} == set(DIALECTS)
    assert report.without_success() == NEVER_SERVED
    assert report.count(429) < report.cases / 10
