"""The documents lead where they say: links, the paths that they name, and the list of decisions."""

import re
from pathlib import Path

import pytest

from tests.running import ROOT

IGNORED = {".venv", ".build", ".darkroom", "cdk.out", "node_modules"}
PAGES = sorted(
    str(path.relative_to(ROOT))
    for path in ROOT.rglob("*.md")
    if not IGNORED & set(path.relative_to(ROOT).parts)
)
# Those that say where things are in the code.
MAPS = ("CONTRIBUTING.md", "docs/architecture.md", "docs/glossary.md")
DECISIONS = ROOT / "docs/decisions"
HEADINGS = ["Context", "Decision", "Status", "Consequences"]
RECORDS = sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")


def without_code(text):
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def anchor(heading):
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(page):
    return {anchor(one) for one in re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_leads_somewhere(page):
    here = ROOT / page
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", without_code(here.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, part = link.partition("#")
        there = (here.parent / path).resolve() if path else here
        if not there.exists() or (part and part not in anchors(there)):
            broken.append(link)
    assert broken == []


def is_there(name):
    """`<name>` stands for anything."""
    pattern = re.sub(r"<[^>]*>", "*", name).rstrip("/")
    return any(any(Path(root).glob(pattern)) for root in (ROOT, ROOT / "functions/darkroom"))


@pytest.mark.parametrize("page", MAPS)
def test_every_path_that_is_named_exists(page):
    text = re.sub(r"\]\([^)]*\)", "]", (ROOT / page).read_text())
    named = set(re.findall(r"`((?:[\w<>.-]+/)+(?:[\w<>.-]+)?|[\w-]+\.(?:toml|md|py))`", text))
    assert len(named) > 20
    assert sorted(name for name in named if not is_there(name)) == []


def test_decisions_are_numbered_without_a_gap():
    assert [int(path.name[:4]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.name[:4])
def test_a_decision_has_its_number_its_day_and_four_headings(record):
    first, *_ = text = record.read_text().splitlines()
    assert first.startswith(f"# {record.name[:4]}. ")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", text[2])
    parts = re.split(r"^## (.+)$", record.read_text(), flags=re.MULTILINE)
    assert parts[1::2] == HEADINGS
    assert all(part.strip() for part in parts[2::2])
    status = parts[2 * HEADINGS.index("Status") + 2].strip()
    assert re.match(r"(Proposed|Accepted|Rejected|Superseded .*\]\(\d{4}-)", status), status


SUPERSEDES = r"[Ss]upersedes \[?(\d{4})"
SUPERSEDED_BY = r"[Ss]uperseded\b[^.\[]*? by \[?(\d{4})"


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.name[:4])
def test_a_decision_and_the_one_that_supersedes_it_name_each_other(record):
    numbered = {path.name[:4]: " ".join(path.read_text().split()) for path in RECORDS}
    own, number = numbered[record.name[:4]], record.name[:4]
    for other in re.findall(SUPERSEDED_BY, own):
        assert number in re.findall(SUPERSEDES, numbered[other])
    for other in re.findall(SUPERSEDES, own):
        assert number in re.findall(SUPERSEDED_BY, numbered[other])


def test_the_list_of_decisions_says_which_are_superseded():
    lines = (DECISIONS / "README.md").read_text().splitlines()
    listed = {re.sub(r"\D*(\d{4}).*", r"\1", one) for one in lines if "(superseded" in one}
    superseded = {
        path.name[:4]
        for path in RECORDS
        if re.search(SUPERSEDED_BY, " ".join(path.read_text().split()))
    }
    assert listed == superseded
    assert len(listed) > 4  # the pattern finds them


def test_the_list_of_decisions_has_each_by_its_title():
    listed = re.findall(
        r"^- \[(\d{4})\]\((\S+)\) (.+?)(?: \(superseded.*\))?$",
        (DECISIONS / "README.md").read_text(),
        re.MULTILINE,
    )
    titles = [path.read_text().splitlines()[0].removeprefix("# ") for path in RECORDS]
    assert [(file, f"{number}. {title}") for number, file, title in listed] == [
        (path.name, title) for path, title in zip(RECORDS, titles, strict=True)
    ]


@pytest.mark.parametrize("page", PAGES)
def test_every_make_command_that_is_named_exists(page):
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = (ROOT / page).read_text()
    named = set(re.findall(r"(?:^ {4}|`)make ([a-z][a-z0-9-]*)", text, re.MULTILINE))
    assert named <= targets
