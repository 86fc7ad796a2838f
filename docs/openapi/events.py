"""JSON Schemas of the events: each stands for itself, with the shapes that the API answers with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

from darkroom.dialects.fields import AlwaysTrue, Count, Time, Uuid
from darkroom.dialects.native.caption_answer import CaptionsJob
from darkroom.dialects.native.job_answer import JobAnswer
from darkroom.domain.event_names import ENDS_OF_A_JOB, OF_A_JOB, EventName
from darkroom.domain.event_ports import VERSION
from darkroom.domain.job import JobKind, JobStatus
from darkroom.domain.media import Source
from docs.openapi.schemas import Components, Schema, ref

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_IN_OPENAPI, _HERE = "#/components/schemas/", "#/$defs/"
_IMAGE_STATUSES = {EventName.IMAGE_STORED: "stored", EventName.IMAGE_FAILED: "failed"}


class JobInShort(TypedDict):
    """Of a job that would be longer than 20 kB: the rest is at GET /v1/jobs/{id}."""

    id: Uuid
    type: JobKind
    status: JobStatus
    credits: dict[str, Any]
    in_short: AlwaysTrue
    model: NotRequired[str]
    images: NotRequired[list[dict[str, Any]]]
    created_at: NotRequired[Time]
    finished_at: NotRequired[Time | None]
    metadata: NotRequired[dict[str, str]]


class RejectedError(TypedDict):
    code: str
    detail: str
    field: NotRequired[str]


class JobRejected(TypedDict):
    client_token: str
    error: RejectedError
    metadata: NotRequired[dict[str, str]]
    """The request's own, where it can be read."""


class DeletedMedia(TypedDict):
    id: Uuid
    source: Source
    name: NotRequired[str]
    job: NotRequired[Uuid]


class MediaDeleted(TypedDict):
    media: DeletedMedia


class LowCredits(TypedDict):
    balance: int
    held: Count
    granted: Count
    low: Count


class CreditsLow(TypedDict):
    credits: LowCredits


class DisabledWebhook(TypedDict):
    id: Uuid
    url: str
    reason: Literal["gone", "failing"]


class WebhookDisabled(TypedDict):
    webhook: DisabledWebhook


class TestedWebhook(TypedDict):
    id: Uuid


class WebhookTested(TypedDict):
    webhook: TestedWebhook


class Envelope(TypedDict):
    specversion: Literal["1.0"]
    id: Uuid
    """The same however often it is sent."""
    source: str
    """The address of this deployment."""
    type: str
    subject: str
    """What it is about: jobs/<id>, for instance."""
    time: Time
    datacontenttype: Literal["application/json"]
    dataschema: str
    """Where this schema is."""
    workspace: str
    requestid: NotRequired[str]
    """Of the request that it all began with: to be found in every log."""
    data: dict[str, Any]


_DATA = {
    EventName.JOB_REJECTED: JobRejected,
    EventName.MEDIA_DELETED: MediaDeleted,
    EventName.MEDIA_EXPIRED: MediaDeleted,
    EventName.CREDITS_LOW: CreditsLow,
    EventName.WEBHOOK_DISABLED: WebhookDisabled,
    EventName.WEBHOOK_TEST: WebhookTested,
}
TEXTS = {
    EventName.JOB_ACCEPTED: "A request was accepted, and its credits are held.",
    EventName.JOB_STARTED: "The first of its images is being made.",
    EventName.IMAGE_STORED: "An image is stored.",
    EventName.IMAGE_FAILED: "An image failed; its credits are refunded when the job ends.",
    EventName.JOB_COMPLETED: "All of its images are stored.",
    EventName.JOB_PARTIAL: "Some of its images are stored; the others are refunded.",
    EventName.JOB_FAILED: "None of its images is stored; all are refunded.",
    EventName.JOB_CANCELED: "Canceled: what was made stays, the rest is refunded.",
    EventName.JOB_REJECTED: "A request that came by the queue or by the bus was refused.",
    EventName.MEDIA_DELETED: "An image was deleted by its owner.",
    EventName.MEDIA_EXPIRED: "An image was deleted, because it is older than images are kept.",
    EventName.CREDITS_LOW: "The balance has fallen below the workspace's mark.",
    EventName.WEBHOOK_DISABLED: "A webhook was disabled, because its receiver does not work.",
    EventName.WEBHOOK_TEST: "Sent by `POST /v1/webhooks/{id}/test`.",
}


def schema_name(name: EventName) -> str:
    """What its schema is called in the native description: `JobCompletedEvent`."""
    return "".join(word.capitalize() for word in (*name.split("."), "event"))


def event_components() -> dict[str, Schema]:
    """The schemas of all events, for the native document, with those that they refer to."""
    components = Components()
    events = {schema_name(name): _schema(name, components) for name in EventName}
    return components.schemas | events


def event_schemas(api: Mapping[str, Any]) -> dict[str, Schema]:
    """By the name of the event. `api` is the native description, which has them, too."""
    schemas = {name: _without_webhook(one) for name, one in api["components"]["schemas"].items()}
    return {name.value: _standing_alone(name, schemas) for name in EventName}


def open_to_more(schema: Any) -> Any:
    """As it is handed out: a later field is no new version, and breaks no receiver that checks."""
    if isinstance(schema, list):
        return [open_to_more(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: open_to_more(part)
        for name, part in schema.items()
        if not (name == "additionalProperties" and part is False)
    }


def _without_webhook(schema: Schema) -> Schema:
    """Only a caller of the API sees the webhook of a job."""
    properties = schema.get("properties", {})
    if properties.get("webhook", {}).get("$ref") != ref("JobWebhook")["$ref"]:
        return schema
    rest = {name: one for name, one in properties.items() if name != "webhook"}
    return {**schema, "properties": rest}


def _schema(name: EventName, components: Components) -> Schema:
    envelope = Components()
    envelope.schema(Envelope)
    whole = envelope.schemas["Envelope"]
    properties = {
        **whole["properties"],
        "type": {"const": f"darkroom.{name}", "description": "The name of the event."},
        "data": {**_data(name, components), "description": "What happened."},
    }
    return {**whole, "description": TEXTS[name], "properties": properties}


def _data(name: EventName, components: Components) -> Schema:
    if name not in OF_A_JOB:
        return components.schema(_DATA[name])
    job = components.schema(JobAnswer | CaptionsJob | JobInShort)
    if name in ENDS_OF_A_JOB:
        job = {"allOf": [_with_status(name.removeprefix("job.")), job]}
    data: dict[str, Schema] = {"job": job}
    if name in _IMAGE_STATUSES:
        data["image"] = {**_with_status(_IMAGE_STATUSES[name]), "required": ["status"]}
    return {
        "type": "object",
        "properties": data,
        "required": list(data),
        "additionalProperties": False,
    }


def _with_status(status: str) -> Schema:
    return {"type": "object", "properties": {"status": {"const": status}}}


def _standing_alone(name: EventName, schemas: Mapping[str, Schema]) -> Schema:
    """With all that it refers to, and what that refers to."""
    schema = {
        "$schema": _DRAFT,
        "title": f"{name}, version {VERSION}",
        **schemas[schema_name(name)],
    }
    found: dict[str, Schema] = {}
    unread = [json.dumps(schema)]
    while unread:
        text = unread.pop()
        for other in schemas:
            if f'"{_IN_OPENAPI}{other}"' in text and other not in found:
                found[other] = schemas[other]
                unread.append(json.dumps(schemas[other]))
    whole = {**schema, **({"$defs": found} if found else {})}
    alone: Schema = json.loads(json.dumps(whole).replace(_IN_OPENAPI, _HERE))
    return alone
