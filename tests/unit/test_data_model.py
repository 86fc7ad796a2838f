"""docs/data-model.md names what the code stores, and the code stores what it names."""

import re
from dataclasses import fields, replace
from datetime import timedelta

import boto3
import pytest

from darkroom.aws import breakers, job_writes, keys, library_records, records, webhook_records
from darkroom.aws.accounts import DynamoAccounts
from darkroom.aws.aliases import DynamoAliases
from darkroom.aws.audit_log import audit_item
from darkroom.aws.breakers import DynamoBreaker
from darkroom.aws.calls import DynamoCalls
from darkroom.aws.delivery_limit import DynamoDeliveryLimit
from darkroom.aws.jobs import DynamoJobs
from darkroom.aws.table import Table
from darkroom.aws.values import from_item
from darkroom.aws.waits import DynamoWaits, MostWaits
from darkroom.aws.webhooks import DynamoWebhooks
from darkroom.domain import job as jobs
from darkroom.domain.api_key import KeyRecord
from darkroom.domain.attempts import Attempt, PendingGeneration
from darkroom.domain.audit_log import AuditRecord
from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.collection import Collection, Member
from darkroom.domain.delivery import Delivery, Try
from darkroom.domain.equal_calls import EqualCalls
from darkroom.domain.image_request import ImageRequest, Output, Reference
from darkroom.domain.media import Media, MediaStatus, Source
from darkroom.domain.money import Charge, Entry, LedgerEntry
from darkroom.domain.ports import IdempotencyRecord
from darkroom.domain.quotas import OF_DAYS
from darkroom.domain.webhook import Webhook
from tests.builders import NOW, WORKSPACE, account, grant, new_job, number_id
from tests.fakes.world import FakeClock
from tests.moto_world import TABLE, WAITS, moto_world
from tests.running import ROOT

PAGE = (ROOT / "docs/data-model.md").read_text()
ID = number_id(1)
ROUTE = ProviderRoute(provider="fal", model="flux")
KEY = KeyRecord(
    id="k",
    hash="h",
    workspace=WORKSPACE,
    scopes=frozenset(),
    label="",
    created_at=NOW,
    expires_at=NOW,
    requests_per_minute=1,
)
HOLD = LedgerEntry(workspace=WORKSPACE, kind=Entry.HOLD, amount=1, at=NOW, job=ID, reference="r")
JOB = replace(
    new_job(),
    started_at=NOW,
    finished_at=NOW,
    charge=Charge(captured=1, released=0),
    collection=ID,
    enhanced=jobs.Written(text="a", writer="b"),
    webhook=jobs.Hook(url="https://a.example"),
    backlog=True,
    terms={"size": "1K"},
)
CLAIM = IdempotencyRecord(key="once", fingerprint="f", expires_at=NOW)
MEDIA = Media(
    id=ID, workspace=WORKSPACE, source=Source.UPLOADED, status=MediaStatus.AWAITED, created_at=NOW
)
COLLECTION = Collection(
    id=ID,
    workspace=WORKSPACE,
    name="",
    description="",
    created_at=NOW,
    updated_at=NOW,
    attributes={},
)
WEBHOOK = Webhook(
    id=ID, workspace=WORKSPACE, url="https://a.example", created_at=NOW, failing_since=NOW
)
DELIVERY = Delivery(
    id=ID,
    workspace=WORKSPACE,
    webhook=ID,
    url="https://a.example",
    event=ID,
    name="job.completed",
    body="{}",
    job=ID,
    created_at=NOW,
    next_at=NOW,
    due_at=NOW,
    since=NOW,
)
AUDIT_RECORD = AuditRecord(id=ID, at=NOW, arn="arn:aws:iam::1:user/a", user="a", action="grant")


def full(made):
    """With something in each field that may be empty."""
    empty = [field.name for field in fields(made) if getattr(made, field.name) is None]
    return replace(made, **dict.fromkeys(empty, "x"))


# The rows of the table of items, and the code's own items and keys.
ITEMS = {
    "job, with its slots": records.job_item(JOB),
    "account": records.account_item(account()),
    "aliases of models": records.aliases_key(None),
    "audit record": audit_item(AUDIT_RECORD),
    "ledger entry": records.ledger_item(HOLD) | job_writes.void_hold(JOB)["Put"]["Item"],
    "idempotency record": job_writes.claim(JOB, CLAIM)["Put"]["Item"],
    "media": library_records.media_item(full(MEDIA))
    | library_records.media_item(replace(full(MEDIA), status=MediaStatus.READY), timedelta(1))
    | {library_records.EXPIRED: {"BOOL": True}},
    "collection": library_records.collection_item(COLLECTION),
    "image of a collection": library_records.member_item(
        WORKSPACE, ID, full(Member(place=f"{ID}#0"))
    ),
    "API key": keys.key_item(KEY),
    "webhook": webhook_records.webhook_item(WEBHOOK),
    "the set of a workspace's webhooks": webhook_records.set_of_webhooks_key(WORKSPACE),
    "delivery workers of a workspace": webhook_records.delivery_limit_key(WORKSPACE),
    "delivery of one event": webhook_records.delivery_item(DELIVERY),
    "what is known of a way": breakers._key(ROUTE),
    "the same key": keys.key_entry(KEY),
}
PENDING = PendingGeneration(
    provider="fal", model="flux", id="p", poll="", cancel="", pace=5, begun_at=NOW
)
CAPTIONS = {"x-post": jobs.Caption(text="a", writer="b")}
SLOT = jobs.Slot(media_id=ID, captions=CAPTIONS, pending=PENDING)


def names_of(kind):
    return {field.name for field in fields(kind)}


# The headings under "Attributes", and what the code stores; the other headings are written by
# adapters, without an item of their own in the code (`written`).
STORED = {
    "Job": ITEMS["job, with its slots"].keys(),
    "Request for images": names_of(ImageRequest),
    "Request for captions": names_of(CaptionRequest),
    "Reference": names_of(Reference),
    "Output": names_of(Output),
    "Slot": records.slot_values(SLOT).keys(),
    "Lease": records.lease_values(jobs.Lease(token="t", until=NOW)).keys(),
    "Stored image": names_of(jobs.StoredImage),
    "Text": names_of(jobs.Written),
    "Caption": names_of(jobs.Caption),
    "Failure": names_of(jobs.Failure),
    "Attempt": names_of(Attempt),
    "Pending generation": names_of(PendingGeneration),
    "Request's webhook": names_of(jobs.Hook),
    "Charge": names_of(Charge),
    "Account": ITEMS["account"].keys(),
    "Audit record": ITEMS["audit record"].keys(),
    "Ledger entry": ITEMS["ledger entry"].keys(),
    "Idempotency record": ITEMS["idempotency record"].keys(),
    "API key": ITEMS["API key"].keys() | ITEMS["the same key"].keys(),
    "Media": ITEMS["media"].keys(),
    "Collection": ITEMS["collection"].keys(),
    "Image of a collection": ITEMS["image of a collection"].keys(),
    "Webhook": ITEMS["webhook"].keys(),
    "Delivery": ITEMS["delivery of one event"].keys(),
    "Try": names_of(Try),
}


@pytest.fixture
def written():
    """What adapters write by updates of their own."""
    with moto_world() as environment:
        client, name, clock = boto3.client("dynamodb"), environment["TABLE_NAME"], FakeClock()
        table = Table(client, name)
        accounts = DynamoAccounts(table)
        accounts.open(account(), grant(account()))
        accounts.count_request(WORKSPACE, "k", NOW)
        for what in OF_DAYS:
            accounts.count_of_day(WORKSPACE, what, 1, 10, NOW)
        DynamoJobs(table).create(new_job(), None, max_in_flight=10)
        for workspace in (None, WORKSPACE):
            DynamoAliases(table, clock).keep("old", "new", workspace)
        for _ in range(5):
            DynamoBreaker(table, clock).failed(ROUTE, open_for=None)
        limit = DynamoDeliveryLimit(table, 1, clock)
        limit.acquire(WORKSPACE, "token")
        limit.record_time(WORKSPACE, ID, 60)
        DynamoWebhooks(table).add_within(20, WEBHOOK)
        waits = WAITS["TableName"]
        DynamoWaits(
            Table(client, waits), MostWaits(per_key=1, per_workspace=1), function="status"
        ).begin(WORKSPACE, "k", NOW)
        [waiting] = client.scan(TableName=waits)["Items"]
        items = client.scan(TableName=name)["Items"]
    return {from_item(item)["sk"]: item.keys() for item in items} | {"waits": waiting.keys()}


def table_of(heading, level="##"):
    """The rows of the table under a heading, by their first column."""
    lines = PAGE.partition(f"\n{level} {heading}\n")[2].partition("\n#")[0]
    cells = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in lines.splitlines()
        if line.startswith("|")
    ]
    return {row[0]: row[1:] for row in cells[2:]}


def attributes_of(heading):
    found = [name for row in table_of(heading, "###") for name in re.findall(r"`([^`]+)`", row)]
    assert len(found) == len(set(found)), heading
    return set(found)


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
    key = from_item({name: ITEMS[kind][name] for name in ("pk", "sk")})
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
        len(list(library_records.all_due_shards())),
    ]


def test_the_page_has_a_table_of_attributes_for_each_kind_and_no_other():
    headings = re.findall(r"^### (.+)$", PAGE.partition("\n## Attributes\n")[2], re.MULTILINE)
    others = ["Aliases", "Set of webhooks", "Delivery workers", "Breaker", "Waits", "Equal calls"]
    assert sorted(headings) == sorted([*STORED, *others])


@pytest.mark.parametrize("heading", STORED)
def test_the_page_names_every_attribute_and_no_other(heading):
    assert attributes_of(heading) == STORED[heading] - {"pk", "sk"}


@pytest.mark.parametrize(
    ("heading", "sort_key"),
    [
        ("Account", "ACCOUNT"),
        ("Aliases", "ALIASES"),
        ("Set of webhooks", "WEBHOOKS"),
        ("Breaker", ROUTE.model),
        ("Waits", "waits"),
    ],
)
def test_the_page_names_every_attribute_that_an_update_writes(written, heading, sort_key):
    assert attributes_of(heading) == written[sort_key] - {"pk", "sk"}


def test_the_page_names_the_permits_and_averages_of_delivery_workers(written):
    patterns = attributes_of("Delivery workers")
    stored = written["COURIERS"] - {"pk", "sk"}
    assert len(stored) == len(patterns) == 3
    for name in stored:
        assert any(fits(pattern, name) for pattern in patterns), name


def test_the_page_names_every_attribute_of_equal_calls():
    calls = EqualCalls(call="c").with_job(ID, 0).with_retriable(ID).with_job(number_id(2), 1)
    stored = DynamoCalls(Table(None, "waits"), FakeClock())._item(calls).keys() - {"pk"}
    patterns = attributes_of("Equal calls")
    assert {name.partition("_")[0] for name in patterns} == {n.partition("_")[0] for n in stored}


def test_the_page_says_how_long_items_are_kept():
    assert f"{records.JOBS_ARE_KEPT.days} days" in table_of("Job", "###")["`expires_at`"][0]
    kept = table_of("Delivery", "###")["`version`, `expires_at`"][0]
    assert f"{webhook_records.DELIVERIES_ARE_KEPT.days} days" in kept
    assert timedelta(days=1) == library_records._UNFINISHED


@pytest.mark.parametrize("subject", ["a red boat", "", None])
def test_a_caption_is_read_as_it_was_stored(subject):
    caption = jobs.Caption(text="A red boat. Ahoy.", writer="w", subject=subject)
    job = new_job()
    stored = replace(job, slots=(replace(job.slots[0], captions={"x-post": caption}),))
    assert records.read_job(records.job_item(stored)).captions == {"x-post": caption}


def test_a_caption_that_was_stored_before_subjects_were_has_none():
    caption = jobs.Caption(text="A red boat. Ahoy.", writer="w", subject="a red boat")
    job = new_job()
    item = records.job_item(replace(job, slots=(replace(job.slots[0], captions={"x": caption}),)))
    del item["slots"]["M"]["0"]["M"]["captions"]["M"]["x"]["M"]["subject"]
    assert records.read_job(item).captions == {"x": replace(caption, subject=None)}
