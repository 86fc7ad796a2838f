"""Pages of what is rare: an answer in time, and a place to go on from."""

import pytest

from darkroom.aws.queries import page_of

ROWS = 1000


class Table:
    """Gives one row a query, and of those the ones that a filter leaves."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.asked = 0

    def query(self, *, ExclusiveStartKey=None, **_):  # noqa: N803 - boto3's names
        self.asked += 1
        row = int(ExclusiveStartKey["sk"]["S"].removeprefix("ROW#")) + 1 if ExclusiveStartKey else 0
        key = {"pk": {"S": "WS#w"}, "sk": {"S": f"ROW#{row}"}}
        answer = {"Items": [key] if row in self.wanted else []}
        return answer | ({"LastEvaluatedKey": key} if row < ROWS - 1 else {})


def page(table, after, limit=2):
    given = {"limit": limit, "after": after, "before": None, "status": "failed"}
    items, last = page_of(table, "table", "w", "ROW#", **given)
    return [int(item["sk"]["S"].removeprefix("ROW#")) for item in items], last


@pytest.mark.parametrize("wanted", [set(), {999}, {0, 1, 2, 3}, {5, 300, 301, 302, 998}])
def test_whoever_goes_on_to_the_end_has_seen_each_once(wanted):
    table, seen, last = Table(wanted), [], None
    for _ in range(ROWS):
        before = table.asked
        found, last = page(table, last)
        seen += found
        assert table.asked - before <= 20
        if last is None:
            break
    assert seen == sorted(wanted)
    assert last is None


def test_a_page_that_is_full_ends_with_its_last_one():
    assert page(Table({0, 1, 2, 3}), None) == ([0, 1], "1")
    assert page(Table({0, 1}), None) == ([0, 1], "19")
