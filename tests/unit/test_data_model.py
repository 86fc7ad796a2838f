"""docs/data-model.md names what the code stores, and the code stores what it names."""

import json
import re
from dataclasses import replace

import pytest

from darkroom.aws import breakers, library_records, records, webhook_records
from darkroom.aws.values import from_item
from darkroom.domain.api_key import KeyRecord
from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.job import Caption, Hook, Written
from darkroom.domain.money import Charge, Entry, LedgerEntry
from tests.builders import NOW, WORKSPACE, new_job, number_id
from tests.moto_world import TABLE
from tests.running import ROOT

PAGE = (ROOT / "docs/data-model.md").read_text()
ID = number_id(1)
KEY = KeyRecord(id="k", hash="h", workspace=WORKSPACE, scopes=frozenset(), label="", created_at=NOW)
HOLD = LedgerEntry(workspace=WORKSPACE, kind=Entry.HOLD, amount=1, at=NOW, job=ID)
JOB = replace(
    new_job(),
    started_at=NOW,
    finished_at=NOW,
    charge=Charge(captured=1, released=0),
    due_at=NOW,
    collection=ID,
    enhanced=Written(text="a", writer="b"),
    webhook=Hook(url="https://a.example"),
    backlog=True,
)
ITEMS = {
    "job, with its slots": records.job_item(JOB),
    "account": records.account_key(WORKSPACE),
    "aliases of models": records.aliases_key(None),
    "ledger entry": records.ledger_item(HOLD),
    "idempotency record": records.idempotency_key(WORKSPACE, "once"),
    "media": library_records.media_key(WORKSPACE, ID),
    "collection": library_records.collection_key(WORKSPACE, ID),
    "image of a collection": library_records.member_key(WORKSPACE, ID, f"{ID}#0"),
    "API key": records.key_item(KEY),
    "webhook": webhook_records.webhook_key(WORKSPACE, ID),
    "the set of a workspace's webhooks": webhook_records.set_of_webhooks_key(WORKSPACE),
    "delivery workers of a workspace": webhook_records.delivery_limit_key(WORKSPACE),
    "delivery of one event": webhook_records.delivery_key(WORKSPACE, ID, ID),
    "what is known of a way": breakers._key(ProviderRoute(provider="fal", model="flux")),
    "the same key": records.key_entry(KEY),
}


def table_of(heading):
    """The rows of the table under a heading, by their first column."""
    lines = PAGE.partition(f"## {heading}\n")[2].partition("\n- ")[0].splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if "|" in line]
    return {row[0]: row[1:] for row in cells[2:]}


def fits(pattern, text):
    """`JOB#<uuid7>`: what is in angle brackets stands for anything."""
    parts = re.split(r"<[^>]*>", pattern)
    return re.fullmatch(".+".join(map(re.escape, parts)), text) is not None


def test_the_page_has_a_row_for_each_kind_of_item_and_no_other():
    rows = table_of("The table")
    kinds = {row: [kind for kind in ITEMS if row.startswith(kind)] for row in rows}
    assert all(kinds.values()), kinds
    assert {max(found, key=len) for found in kinds.values()} == set(ITEMS)


@pytest.mark.parametrize("kind", ITEMS)
def test_the_keys_of_each_are_as_the_page_has_them(kind):
    found = [row for name, row in table_of("The table").items() if name.startswith(kind)]
    pk, sk = found[0][:2]
    key = from_item(ITEMS[kind])
    assert fits(pk.strip("`"), key["pk"]), pk
    if sk.startswith("`"):
        patterns = re.findall(r"`([^`]+)`", sk)
        assert any(fits(pattern, key["sk"]) for pattern in patterns), sk


def test_the_page_names_the_modules_that_build_keys():
    named = set(re.findall(r"`(\w+\.py)`", PAGE.partition("## The table")[0]))
    prefix = re.compile(r"[\"{][A-Z]{2,}#")
    building = {
        path.name
        for path in (ROOT / "functions/darkroom/aws").glob("*.py")
        if prefix.search(path.read_text())
    }
    assert building == named


def test_the_page_names_the_index_and_its_shards():
    text = PAGE.partition("### Indexes")[2].partition("###")[0]
    [index] = TABLE["GlobalSecondaryIndexes"]
    attributes = {part["AttributeName"] for part in index["KeySchema"]}
    projected = index["Projection"]["ProjectionType"]
    assert (index["IndexName"], projected) == ("due", "KEYS_ONLY")
    assert {index["IndexName"], *attributes} == set(re.findall(r"`(\w+)`", text))
    shards = [int(number) for number in re.findall(r"\((\d+) (?:shards|others)\)", text)]
    assert shards == [
        len(list(records.all_due_shards())),
        len(list(webhook_records.all_due_shards())),
    ]


def test_the_page_names_every_attribute_of_a_job():
    text = PAGE.partition("### Attributes of a job")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(\w+)`", text))
    # By what they are found, and what the key says already.
    stored = set(records.job_item(JOB)) - {"pk", "sk", "id", "workspace"}
    assert stored <= named, json.dumps(sorted(stored - named))
    within = {"media_id", "lease", "leases", "image", "captions", "failure", "attempts", "parked"}
    words = {"images", "captions", "served_by"}
    assert named <= stored | within | words | {"status"}, sorted(named - stored)


@pytest.mark.parametrize("subject", ["a red boat", "", None])
def test_a_caption_is_read_as_it_was_stored(subject):
    caption = Caption(text="A red boat. Ahoy.", writer="w", subject=subject)
    job = new_job()
    stored = replace(job, slots=(replace(job.slots[0], captions={"x-post": caption}),))
    assert records.read_job(records.job_item(stored)).captions == {"x-post": caption}


def test_a_caption_that_was_stored_before_subjects_were_has_none():
    caption = Caption(text="A red boat. Ahoy.", writer="w", subject="a red boat")
    job = new_job()
    item = records.job_item(replace(job, slots=(replace(job.slots[0], captions={"x": caption}),)))
    del item["slots"]["M"]["0"]["M"]["captions"]["M"]["x"]["M"]["subject"]
    assert records.read_job(item).captions == {"x": replace(caption, subject=None)}
