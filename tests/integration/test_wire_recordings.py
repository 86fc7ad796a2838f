"""Every documented operation answers as it was recorded (tests/recordings/wire.py)."""

import pytest

from tests.recordings.scenarios import OF_DIALECTS
from tests.recordings.wire import differences, recorded


@pytest.mark.parametrize("dialect", OF_DIALECTS)
def test_each_request_of_the_recording_is_answered_as_it_was(dialect):
    found = list(differences(dialect))
    assert not found, "\n".join(found)


def test_every_dialect_was_recorded_with_all_kinds_of_answers():
    count, seen = 0, set()
    for dialect in OF_DIALECTS:
        exchanges, _ = recorded(dialect)
        count += len(exchanges)
        answers = [one["answer"] for one in exchanges if isinstance(one["answer"], dict)]
        statuses = {answer["status"] for answer in answers}
        assert {200, 400, 401, 404, 405} <= statuses
        assert max(statuses) < 500
        seen |= statuses
    assert {201, 202, 204, 302, 403, 409, 422} <= seen
    assert count > 2000
