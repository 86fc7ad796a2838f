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


@pytest.mark.parametrize("places", [0, 2])
def test_a_table_is_written_to_the_one_place_that_it_has(tmp_path, monkeypatch, places):
    monkeypatch.setattr(pages, "DOCS", tmp_path)
    page = tmp_path / "page.md"
    page.write_text("# A page\n\n<!-- relay -->old<!-- end -->\n")
    pages.write("page.md", "relay", "new")
    assert page.read_text() == "# A page\n\n<!-- relay -->\n\nnew\n\n<!-- end -->\n"
    before = "# A page\n" + "<!-- relay -->old<!-- end -->\n" * places
    page.write_text(before)
    with pytest.raises(ValueError, match=f"{places} places for relay"):
        pages.write("page.md", "relay", "new")
    assert page.read_text() == before
