import pytest
from botocore.exceptions import ClientError

from darkroom.aws import table
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
    monkeypatch.setattr(table.time, "sleep", lambda _: None)


def table_that_answers(*outcomes):
    left = list(outcomes)

    class Updates:
        def update_item(self, **_):
            outcome = left.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return {"Attributes": outcome}

    return table.Table(Updates(), "table")


WRITE = table.update({"pk": {"S": "one"}}, "SET a = :a", values={":a": 1})


def test_a_write_waits_for_the_transaction_at_its_item():
    conflict = error("TransactionConflictException")
    assert table_that_answers(conflict, conflict, {"a": {"N": "1"}}).write(WRITE) == {
        "a": {"N": "1"}
    }


def test_a_write_that_waits_too_long_may_be_tried_again_later():
    with pytest.raises(Unavailable):
        table_that_answers(*[error("TransactionConflictException")] * 20).write(WRITE)


def test_a_condition_that_fails_is_told_at_once_with_what_stands():
    refused = error("ConditionalCheckFailedException")
    refused.response["Item"] = {"a": {"N": "2"}}
    with pytest.raises(table.ConditionFailed) as failed:
        table_that_answers(refused, "never").write(WRITE)
    assert failed.value.item == {"a": {"N": "2"}}


def test_any_other_error_is_raised_as_it_is():
    with pytest.raises(ClientError, match="ValidationException"):
        table_that_answers(error("ValidationException"), "never").write(WRITE)


def test_an_alias_stands_for_the_attribute_of_its_name_unless_another_is_given():
    write = table.update({}, "SET #a.#slot = :n", "#b = :n", {":n": 1}, {"slot": "0"})
    names = write["Update"]["ExpressionAttributeNames"]
    assert names == {"#a": "a", "#b": "b", "#slot": "0"}


@pytest.mark.parametrize(
    ("stands", "is_done"),
    [
        ({"pk": {"S": "one"}, "n": {"N": "2"}}, True),
        ({"pk": {"S": "one"}, "n": {"N": "2.0"}}, True),
        ({"pk": {"S": "one"}, "n": {"N": "3"}}, False),
        (None, False),
    ],
)
def test_a_put_that_was_refused_is_done_where_the_very_item_stands(stands, is_done):
    refused = error("ConditionalCheckFailedException")
    if stands:
        refused.response["Item"] = stands

    class Refuses:
        def put_item(self, **_):
            raise refused

    item = {"pk": {"S": "one"}, "n": {"N": "2"}}
    done = table.Table(Refuses(), "table").put_if(item, "n = :n", {":n": 1})
    assert done is is_done


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
    with pytest.raises(table.Canceled) as refused:
        table.Table(Client(*answers), "table").transact([])
    assert refused.value.may_have_been_sent_before is may_have_been_sent_before
