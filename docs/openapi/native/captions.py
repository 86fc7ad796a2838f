"""Captions: jobs that write."""

from __future__ import annotations

from darkroom.dialects.native.library_bodies import CaptionsBody
from darkroom.domain.captions import POST_TYPES
from darkroom.domain.job import JobStatus
from darkroom.domain.operations import JobPage
from docs.openapi.bodies import documented
from docs.openapi.described import Answer, Described, Parameter, Sent
from docs.openapi.headers import IDEMPOTENCY_KEY, PREFER
from docs.openapi.native.hook import HOOK
from docs.openapi.native.pages import CURSOR, NEXT, limit
from docs.openapi.refusals import (
    OF_A_SUBMIT,
    OUT_OF_RANGE,
    UNKNOWN_PARAMETER,
    UNREADY,
    missing,
    unknown,
)
from docs.openapi.samples import CAPTION_ID, MEDIA_ID, captions, every_caption, quoted, submitted
from docs.openapi.shapes import (
    COUNT,
    MOMENT,
    NOTHING,
    TEXT,
    TRUE,
    UUID,
    WHOLE,
    Schema,
    either,
    many,
    mapping,
    only,
    record,
    ref,
    told,
    words,
)

_TAG = "captions"
_BALANCE = {"balance": told(WHOLE, "What is left to spend.")}


def _captions(*, ended: bool, head: dict[str, Schema], credits_: dict[str, Schema]) -> Schema:
    states = tuple(
        status.value
        for status in JobStatus
        if status.is_terminal == ended and status is not JobStatus.PARTIAL
    )
    resolved = COUNT if ended else only(0)
    return record(
        {
            **head,
            "id": UUID,
            "status": words(*states),
            "prompt": TEXT,
            "media": many(UUID),
            "post_types": many(words(*POST_TYPES)),
            "research_mode": words("regular", "deep"),
            "captions": mapping(ref("Caption")) if ended else record({}),
            "credits": record(
                {
                    "held": only(0) if ended else COUNT,
                    "charged": resolved,
                    "refunded": resolved,
                    **credits_,
                }
            ),
            "created_at": MOMENT,
            "finished_at": MOMENT if ended else NOTHING,
        },
        {"webhook": ref("OwnWebhook"), **({"error": ref("Failure")} if ended else {})},
    )


_AS_JOB = {"type": only("captions")}
SCHEMAS = {
    "Caption": record({"text": TEXT, "writer": TEXT}),
    "CaptionsGoingOn": _captions(ended=False, head={}, credits_={}),
    "CaptionsEnded": _captions(ended=True, head={}, credits_={}),
    "CaptionsGoingOnAsJob": _captions(ended=False, head=_AS_JOB, credits_={}),
    "CaptionsEndedAsJob": _captions(ended=True, head=_AS_JOB, credits_={}),
    "Captions": either(ref("CaptionsGoingOn"), ref("CaptionsEnded")),
    "CaptionsAccepted": _captions(ended=False, head={}, credits_=_BALANCE),
    "CaptionsAwaited": _captions(ended=True, head={}, credits_=_BALANCE),
    "CaptionsQuote": record({"dry_run": TRUE, "credits": record({"total": COUNT, **_BALANCE})}),
}
_SUBMIT = documented(
    CaptionsBody,
    {"post_types": {"items": words(*POST_TYPES)}, "webhook": HOOK},
    required=("post_types",),
)
_STATUS = Parameter(name="status", where="query", schema=words(*map(str, JobStatus)))
_EVERY = every_caption()

OPERATIONS = {
    "POST /v1/captions": Described(
        name="submitCaptions",
        summary="Ask for captions",
        text="For a prompt, for pictures of the library, or for both.",
        tag=_TAG,
        takes=(IDEMPOTENCY_KEY, PREFER),
        sends=(
            Sent(
                schema=_SUBMIT,
                example={
                    "prompt": "a pier at dawn",
                    "media": [MEDIA_ID],
                    "post_types": ["instagram-feed"],
                },
            ),
        ),
        answers={
            202: Answer(
                text="They are being written.",
                schema=ref("CaptionsAccepted"),
                outcomes=(
                    submitted(captions(JobStatus.PENDING)),
                    submitted(captions(JobStatus.PROCESSING), replayed=True),
                ),
            ),
            200: Answer(
                text="They ended while the caller waited; or the quote.",
                schema=either(ref("CaptionsAwaited"), ref("CaptionsQuote")),
                outcomes=(
                    *(submitted(one) for one in _EVERY if one.status.is_terminal),
                    quoted(captions().writing, 10),
                ),
            ),
        },
        raises=(*OF_A_SUBMIT, UNKNOWN_PARAMETER, unknown("media.0"), UNREADY),
    ),
    "GET /v1/captions": Described(
        name="listCaptions",
        summary="Captions, newest first",
        tag=_TAG,
        takes=(limit(20, 40), CURSOR, _STATUS),
        answers={
            200: Answer(
                text="A page of captions.",
                schema=record({"captions": many(ref("Captions")), "cursor": NEXT}),
                outcomes=(
                    JobPage(jobs=(captions(),), cursor=CAPTION_ID),
                    JobPage(jobs=_EVERY, cursor=None),
                ),
            )
        },
        raises=(OUT_OF_RANGE, UNKNOWN_PARAMETER),
    ),
    "GET /v1/captions/{id}": Described(
        name="readCaptions",
        summary="Captions of one request",
        tag=_TAG,
        takes=(
            Parameter(
                name="wait",
                where="query",
                schema={"type": "integer", "minimum": 0, "maximum": 25, "default": 0},
                text="Seconds to wait for their end.",
            ),
        ),
        answers={
            200: Answer(
                text="The captions as they are now.", schema=ref("Captions"), outcomes=_EVERY
            )
        },
        raises=(OUT_OF_RANGE, UNKNOWN_PARAMETER, missing("caption")),
    ),
}
