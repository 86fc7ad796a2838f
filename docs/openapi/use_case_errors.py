"""What the use cases refuse, by the type of the operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.domain import errors
from darkroom.domain import library_operations as library_ops
from darkroom.domain import operations as ops
from darkroom.domain import webhook_operations as hooks
from darkroom.domain.address_texts import failed_fetch_text
from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.media import LARGEST_IN_REQUEST
from docs.openapi.samples import JOB_ID

_FULL = errors.StorageFull(5_000_000_000, 4_999_123_456)
_UPLOADS = (errors.WorkspaceSuspended(), _FULL, errors.TooManyToday("uploads", 2_000, 3_600))
_REDELIVERIES = errors.TooManyToday("redeliveries", 2_000, 3_600)
_UNREADABLE = errors.InvalidRequest(
    "file", "unreadable", "This is not an image that can be used: PNG, JPEG or WebP, of one frame."
)
_NOT_UPLOADED = errors.InvalidRequest("file", "missing", "Nothing was uploaded to the address yet.")
_NOT_FETCHED = errors.InvalidRequest(
    "url", "status_404", f"The image could not be fetched: {failed_fetch_text('status_404')}."
)
_UNREADY = errors.NotReady("media", "processing")
_DISABLED = errors.NotReady("webhook", "switched off")
_RESERVED = errors.InvalidRequest(
    "headers", "reserved", "host cannot be in headers: Darkroom or the connection sets it."
)
_NO_TIME = errors.InvalidRequest(
    "since", "malformed", "since must be a time with its zone, as in 2026-11-21T13:00:00Z."
)
_NO_PERIOD = errors.InvalidRequest("until", "out_of_range", "until must be later than since.")
_SUBMIT = (
    errors.WorkspaceSuspended(),
    errors.InsufficientCredits(10, 3, "painter"),
    errors.IdempotencyKeyReused(),
    errors.TooManyInFlight(200),
    errors.OutcomeUnknown(JOB_ID),
    _UNREADY,
)
_OF: Mapping[type, tuple[errors.DarkroomError, ...]] = {
    ops.WaitForJob: (
        errors.NotFound("job"),
        errors.MethodNotAllowed(("POST",)),
        errors.StillMaking(JOB_ID),
    ),
    ops.CancelJob: (errors.AlreadyFinished("completed"),),
    library_ops.UploadMedia: (_UNREADABLE, errors.TooLarge(LARGEST_IN_REQUEST), *_UPLOADS),
    library_ops.ImportMedia: (
        _UNREADABLE,
        _NOT_FETCHED,
        errors.TooLarge(LARGEST_IN_REQUEST),
        *_UPLOADS,
    ),
    library_ops.BeginUpload: _UPLOADS,
    library_ops.CompleteUpload: (_NOT_UPLOADED, _UNREADABLE),
    library_ops.CreateCollection: (errors.UnknownReference("images.0"),),
    library_ops.ChangeCollection: (errors.UnknownReference("images.0"),),
    library_ops.OpenMedia: (errors.NotReady("image", "being made"),),
    hooks.CreateWebhook: (
        _RESERVED,
        errors.InvalidRequest("webhooks", "too_many", "A workspace may have 20 webhooks."),
    ),
    hooks.ChangeWebhook: (_RESERVED,),
    hooks.ListDeliveries: (_NO_TIME, _NO_PERIOD),
    hooks.Redeliver: (errors.NotReady("delivery", "being tried"), _DISABLED, _REDELIVERIES),
    hooks.RedeliverAll: (_NO_TIME, _NO_PERIOD, _DISABLED, _REDELIVERIES),
}


def errors_of(operation: Any) -> tuple[errors.DarkroomError, ...]:
    if isinstance(operation, ops.SubmitJob):
        return _of_submit(operation)
    return _OF.get(type(operation), ())


def _of_submit(submit: ops.SubmitJob) -> tuple[errors.DarkroomError, ...]:
    if isinstance(submit.request, CaptionRequest):
        return (*_SUBMIT, errors.UnknownReference(submit.fields.of("media.0")))
    still = (errors.StillMaking(JOB_ID),) if submit.synchronous else ()
    return (*_SUBMIT, *still, _FULL, errors.UnknownReference(submit.fields.of("references.0")))
