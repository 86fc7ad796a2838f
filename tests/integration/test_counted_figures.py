"""The tables of figures in the documentation are those that the commands print."""

from __future__ import annotations

import pytest

from benchmarks import pages, relay

TABLES = [("scale.md", "relay", relay.report)]


@pytest.mark.parametrize(("page", "name", "report"), TABLES, ids=str)
def test_the_page_shows_what_the_command_prints(page, name, report):
    assert pages.shown(page, name) == report()
