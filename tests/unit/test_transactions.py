import pytest
from botocore.exceptions import ClientError

from darkroom.aws import transactions
from darkroom.domain.errors import Unavailable


def error(code):
    return ClientError({"Error": {"Code": code}}, "UpdateItem")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(transactions.time, "sleep", lambda _: None)


def writing(*outcomes):
    left = list(outcomes)

    def write():
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return write


def test_a_write_waits_for_the_transaction_at_its_item():
    conflict = error("TransactionConflictException")
    assert transactions.patiently(writing(conflict, conflict, "written")) == "written"


def test_a_write_that_waits_too_long_may_be_tried_again_later():
    with pytest.raises(Unavailable):
        transactions.patiently(writing(*[error("TransactionConflictException")] * 20))


def test_a_condition_that_fails_is_told_at_once():
    with pytest.raises(ClientError, match="ConditionalCheckFailedException"):
        transactions.patiently(writing(error("ConditionalCheckFailedException"), "never"))
