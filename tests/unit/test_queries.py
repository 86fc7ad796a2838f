"""Pages of what is rare: an answer in time, and a place to go on from."""

import pytest

from darkroom.aws.queries import page_of

ROWS, BITES = 200, 5


class Table:
    """Gives one row a query, and of those the ones that a filter leaves."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.asked = 0

    def query(self, *, ScanIndexForward, ExclusiveStartKey=None, **_):  # noqa: N803 - boto3's names
        self.asked += 1
        rows = range(ROWS) if ScanIndexForward else range(ROWS)[::-1]
        place = rows.index(number_of(ExclusiveStartKey)) + 1 if ExclusiveStartKey else 0
        if place == ROWS:
            return {"Items": []}
        key = {"pk": {"S": "WS#w"}, "sk": {"S": f"ROW#{rows[place]:03}"}}
        return {"Items": [key] if rows[place] in self.wanted else [], "LastEvaluatedKey": key}


def number_of(item):
    return int(item["sk"]["S"].removeprefix("ROW#"))


def newest(table, after, limit=2):
    given = {"limit": limit, "after": after, "before": None, "filters": {"status": ("failed",)}}
    items, last = page_of(table, "w", "ROW#", most_bites=BITES, **given)
    return [number_of(item) for item in items], last


def oldest(table, before, limit=2):
    given = {
        "limit": limit,
        "after": None,
        "before": before or "",
        "filters": {"status": ("failed",)},
    }
    items, last = page_of(table, "w", "ROW#", most_bites=BITES, **given)
    return [number_of(item) for item in reversed(items)], last


@pytest.mark.parametrize(("page", "is_backwards"), [(newest, True), (oldest, False)])
@pytest.mark.parametrize("wanted", [set(), {0}, {199}, {0, 1, 2, 3}, {5, 100, 101, 102, 198}])
def test_whoever_goes_on_to_the_end_has_seen_each_once(wanted, page, is_backwards):
    table, seen, last = Table(wanted), [], None
    for _ in range(ROWS):
        before = table.asked
        found, last = page(table, last)
        seen += found
        assert table.asked - before <= BITES
        if last is None:
            break
    assert seen == sorted(wanted, reverse=is_backwards)
    assert last is None


def test_a_page_that_is_full_ends_with_its_last_one_and_a_short_one_where_the_look_ended():
    assert oldest(Table({0, 1, 2, 3}), None) == ([0, 1], "001")
    assert oldest(Table({0, 1}), None) == ([0, 1], "004")
    assert oldest(Table({100}), None) == ([], "004")
