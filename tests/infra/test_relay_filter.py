"""The relay wakes for every record that becomes an event, and for few others."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import pytest
from ministack.services.lambda_svc import _match_esm_filter

from darkroom.aws import library_records, records, webhook_records
from darkroom.aws.changes import read_change
from darkroom.domain.catalogue import MOST_IMAGES
from darkroom.domain.changes import events_of
from darkroom.domain.job import JOB_MOVES, SLOT_MOVES, JobStatus, SlotStatus
from darkroom.domain.media import Media, MediaStatus, Source
from darkroom.domain.webhook import Webhook
from infra.local.event_filters import alternatives
from infra.relay_filter import filter_criteria, relay_patterns
from tests.builders import NOW, WORKSPACE, account, new_job, number_id
from tests.stream_filter import wakes_the_relay

LOCAL = [single for pattern in relay_patterns() for single in alternatives(pattern)]


def record(before, after):
    key = {name: (after or before)[name] for name in ("pk", "sk")}
    images = {"OldImage": before, "NewImage": after}
    return {
        "eventName": "MODIFY" if before and after else "INSERT" if after else "REMOVE",
        "dynamodb": {
            "Keys": key,
            "SequenceNumber": "1",
            "ApproximateCreationDateTime": NOW.timestamp(),
            **{name: item for name, item in images.items() if item},
        },
    }


def makes_events(one) -> bool:
    change = read_change(one)
    return change is not None and bool(events_of(change))


def jobs_before_and_after(n):
    """A job as it is, and as one write of any kind may leave it: each status with each that may
    follow it, and each slot, with the others left as they are.
    """
    statuses = [(one, next_) for one in JobStatus for next_ in (one, *sorted(JOB_MOVES[one]))]
    if n > 2:  # the slots alone, or they would be thousands
        statuses = [(JobStatus.PROCESSING, JobStatus.PROCESSING)]
    slots = [(one, next_) for one in SlotStatus for next_ in {one, *SLOT_MOVES[one]}]
    usual = new_job(n=n)
    for (was, becomes), (slot_was, slot_becomes), index in itertools.product(
        statuses, slots, range(n)
    ):
        before = replace(
            usual, status=was, started_at=None if was is JobStatus.PENDING else NOW, version=4
        )
        started = {becomes} & {JobStatus.PROCESSING, JobStatus.COMPLETED, JobStatus.PARTIAL}
        after = replace(
            before, status=becomes, started_at=NOW if started else before.started_at, version=5
        )
        yield with_slot(before, index, slot_was), with_slot(after, index, slot_becomes)


def with_slot(job, index, status):
    slots = list(job.slots)
    slots[index] = replace(slots[index], status=status)
    return replace(job, slots=tuple(slots))


@pytest.mark.parametrize("n", [1, 2, MOST_IMAGES])
def test_a_change_of_a_job_wakes_the_relay_when_it_makes_an_event_and_only_then(n):
    changes = 0
    for before, after in jobs_before_and_after(n):
        one = record(records.job_item(before), records.job_item(after))
        assert wakes_the_relay(one) == makes_events(one), (before, after)
        changes += makes_events(one)
    assert changes >= 3 * n


def test_a_new_job_wakes_the_relay_and_its_expiry_does_not():
    item = records.job_item(new_job())
    assert makes_events(record(None, item))
    assert wakes_the_relay(record(None, item))
    assert not wakes_the_relay(record(item, None))


@pytest.mark.parametrize("status", MediaStatus)
def test_media_wake_the_relay_when_an_image_is_deleted(status):
    media = Media(
        id=number_id(1), workspace=WORKSPACE, source=Source.UPLOADED, status=status, created_at=NOW
    )
    item = library_records.media_item(media)
    changes = [record(None, item), record(item, item), record(item, None)]
    assert [wakes_the_relay(one) for one in changes] == [makes_events(one) for one in changes]
    assert wakes_the_relay(changes[-1]) == (status is MediaStatus.READY)


@pytest.mark.parametrize("was", [True, False])
@pytest.mark.parametrize("becomes", [True, False])
def test_a_webhook_wakes_the_relay_when_it_is_switched_off(was, becomes):
    webhook = Webhook(id=number_id(1), workspace=WORKSPACE, url="https://a.example", created_at=NOW)
    before = replace(webhook, enabled=was)
    after = replace(webhook, enabled=becomes, disabled_because="it has failed for days")
    items = [webhook_records.webhook_item(one) for one in (before, after)]
    assert wakes_the_relay(record(*items)) == makes_events(record(*items)) == (was and not becomes)


def test_an_account_wakes_the_relay_for_a_hold_alone():
    idle = replace(account(100), low_credits=50)
    held = replace(idle, balance=40, held=60, last_job="job-1")
    items = [records.account_item(one) for one in (idle, held)]
    assert makes_events(record(*items))
    assert wakes_the_relay(record(*items))
    del items[0]["last_job"]
    assert not wakes_the_relay(record(items[1], items[0]))


def test_entries_keys_and_repeated_requests_do_not_wake_it():
    for kind in ("LEDGER#1#hold", "IDEM#1", "MEMBER#1", "DELIVERY#1#2", "COURIERS", "WEBHOOKS"):
        item = {"pk": {"S": f"WS#{WORKSPACE}"}, "sk": {"S": kind}}
        assert not wakes_the_relay(record(None, item))


def test_the_local_aws_has_the_same_filter_without_alternatives():
    assert "$or" not in json.dumps(LOCAL)
    for before, after in jobs_before_and_after(2):
        one = record(records.job_item(before), records.job_item(after))
        passes = any(_match_esm_filter(one, pattern) for pattern in LOCAL)
        assert passes == wakes_the_relay(one)


def test_an_event_source_takes_it():
    patterns = filter_criteria()
    assert len(patterns) <= 5
    assert max(map(len, patterns)) <= 4096
