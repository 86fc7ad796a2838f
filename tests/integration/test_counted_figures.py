"""The tables of figures in the documentation are those that the commands print."""

from __future__ import annotations

import pytest

from benchmarks import conflicts, costs, pages, relay, writes

TABLES = {
    "relay": ("scale.md", relay.report),
    "writes": ("scale.md", writes.report),
    "conflicts": ("scale.md", conflicts.report),
    "costs: images": ("deploying.md", costs.costs_of_images),
}


@pytest.mark.parametrize("name", TABLES)
def test_the_page_shows_what_the_command_prints(name):
    page, report = TABLES[name]
    assert pages.shown(page, name) == report()
