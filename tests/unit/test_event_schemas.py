"""Every event as it is told, held against the schema that is handed out for it."""

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from darkroom.bootstrap.descriptions import show_event_schemas
from darkroom.dialects.native.event_answer import describe
from darkroom.domain.changes import AccountChanged, MediaRemoved, WebhookChanged, events_of
from darkroom.domain.errors import NotFound
from darkroom.domain.event_names import EventName
from darkroom.domain.event_ports import LARGEST, as_text, cloud_event
from darkroom.domain.events import events_between, rejected, webhook_test
from darkroom.domain.media import Media, MediaStatus, Source, media_of
from darkroom.domain.operations import ShowEventSchemas
from darkroom.domain.webhook import Webhook
from docs.openapi.events import event_schemas
from docs.openapi.every import document_of
from docs.openapi.samples import every_caption, every_job, full_job, pending_job, stood_in_job
from tests.builders import NOW, WORKSPACE, account, number_id

SCHEMAS = show_event_schemas(ShowEventSchemas()).schemas
# As they are before they are opened to what may come: nothing that nobody described is told.
STRICT = event_schemas(document_of("native"))
HOOK = Webhook(id=number_id(7), workspace=WORKSPACE, url="https://a.example", created_at=NOW)


def told(event):
    describe_here = lambda job: describe(job, lambda name: f"https://darkroom.example/{name}")  # noqa: E731
    return json.loads(as_text(cloud_event(event, "https://darkroom.example", describe_here)))


def events_of_jobs():
    jobs = [*every_job(), *every_caption(), full_job(), pending_job(), stood_in_job()]
    for job in jobs:
        yield from events_between(None, job)
        too_long = replace(job, request=replace(job.request, prompt="x" * LARGEST))
        yield from events_between(None, too_long)


def others():
    low = replace(account(), low_credits=10)
    yield from events_of(
        AccountChanged(
            before=replace(low, balance=11), after=replace(low, balance=3), number="1", at=NOW
        )
    )
    uploaded = Media(
        id=number_id(1),
        workspace=WORKSPACE,
        source=Source.UPLOADED,
        status=MediaStatus.READY,
        created_at=NOW,
        name="a.png",
    )
    for media in (*media_of(full_job()), uploaded):
        for has_expired in (False, True):
            yield from events_of(MediaRemoved(media=media, at=NOW, has_expired=has_expired))
    off = HOOK.changed(enabled=False, disabled_because="gone")
    yield from events_of(WebhookChanged(before=HOOK, after=off, at=NOW))
    yield webhook_test(HOOK, number_id(9), NOW, "req-1")
    error = {"code": "prompt.required", "detail": "prompt is required.", "field": "prompt"}
    yield rejected(WORKSPACE, "message-1", NOW, {"client_token": "order-1", "error": error})


EVENTS = [*events_of_jobs(), *others()]


def complaints(name, message, schemas=SCHEMAS):
    validator = Draft202012Validator(schemas[name], format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(message)]


def test_every_event_has_a_schema_and_is_told_here():
    assert SCHEMAS.keys() == set(EventName) == {event.name for event in EVENTS}


@pytest.mark.parametrize("name", EventName)
def test_what_is_told_fits_the_schema_of_its_event(name):
    Draft202012Validator.check_schema(SCHEMAS[name])
    for event in EVENTS:
        if event.name is name:
            assert complaints(name, told(event)) == complaints(name, told(event), STRICT) == []


@pytest.mark.parametrize("name", EventName)
def test_what_nobody_described_does_not_fit(name):
    message = told(next(event for event in EVENTS if event.name is name))
    more = {**message, "extra": 1}
    within = {**message, "data": {**message["data"], "extra": 1}}
    for with_more in (more, within):
        assert complaints(name, with_more, STRICT)
        # Whoever checks today is not to break tomorrow.
        assert complaints(name, with_more) == []
    assert complaints(name, {**message, "type": "darkroom.else"})
    assert complaints(name, {key: value for key, value in message.items() if key != "id"})


def test_one_that_was_told_in_short_is_among_them():
    assert any("in_short" in told(event)["data"].get("job", {}) for event in EVENTS)


def test_a_schema_is_had_by_the_name_of_its_event():
    one = show_event_schemas(ShowEventSchemas("job.completed")).schemas
    assert one == SCHEMAS["job.completed"]
    with pytest.raises(NotFound):
        show_event_schemas(ShowEventSchemas("job.forgotten"))
