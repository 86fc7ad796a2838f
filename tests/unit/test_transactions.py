import pytest
from botocore.exceptions import ClientError

from darkroom.aws import transactions
from darkroom.domain.errors import Unavailable


def error(code):
    return ClientError({"Error": {"Code": code}}, "UpdateItem")


class Client:
    """Gives these answers to transactions, in their turn."""

    class exceptions:  # noqa: N801 - botocore's own name
        class TransactionCanceledException(ClientError):  # noqa: N818
            pass

        class TransactionInProgressException(ClientError):  # noqa: N818
            pass

    def __init__(self, *answers):
        self._answers = list(answers)

    def transact_write_items(self, **_):
        raise self._answers.pop(0)


def canceled(code, repeats=0):
    answer = {
        "Error": {"Code": "TransactionCanceledException"},
        "CancellationReasons": [{"Code": code}],
        "ResponseMetadata": {"RetryAttempts": repeats},
    }
    return Client.exceptions.TransactionCanceledException(answer, "TransactWriteItems")


REFUSED, CONFLICT = canceled("ConditionalCheckFailed"), canceled("TransactionConflict")
IN_PROGRESS = Client.exceptions.TransactionInProgressException({"Error": {}}, "TransactWriteItems")


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
    assert transactions.with_retries(writing(conflict, conflict, "written")) == "written"


def test_a_write_that_waits_too_long_may_be_tried_again_later():
    with pytest.raises(Unavailable):
        transactions.with_retries(writing(*[error("TransactionConflictException")] * 20))


def test_a_condition_that_fails_is_told_at_once():
    with pytest.raises(ClientError, match="ConditionalCheckFailedException"):
        transactions.with_retries(writing(error("ConditionalCheckFailedException"), "never"))


@pytest.mark.parametrize(
    ("answers", "may_have_been_sent_before"),
    [
        ([REFUSED], False),
        ([CONFLICT, CONFLICT, REFUSED], False),
        ([canceled("ConditionalCheckFailed", repeats=1)], True),
        ([canceled("TransactionConflict", repeats=1), REFUSED], True),
        ([IN_PROGRESS, REFUSED], True),
    ],
)
def test_only_a_try_without_an_answer_may_be_on_its_way_still(answers, may_have_been_sent_before):
    with pytest.raises(transactions.Canceled) as refused:
        transactions.transact(Client(*answers), [])
    assert refused.value.may_have_been_sent_before is may_have_been_sent_before
