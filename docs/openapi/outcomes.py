"""What each operation can come to: sample outcomes, by the type of the operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from darkroom.domain import library_operations as library_ops
from darkroom.domain import operations as ops
from darkroom.domain import outcomes
from darkroom.domain import webhook_operations as hooks
from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.job import Job, JobKind, JobStatus
from docs.openapi import library_samples as library
from docs.openapi import samples
from docs.openapi import webhook_samples as webhooks

# Of a dialect: the example of its submits, by what they are for.
Submits = Mapping[JobKind, ops.SubmitJob]


def outcomes_of(operation: Any, submits: Submits) -> tuple[Any, ...]:
    outcomes = _OUTCOMES[type(operation)]
    return outcomes(operation, submits) if callable(outcomes) else outcomes


def _jobs(kind: JobKind | None, submits: Submits) -> tuple[Job, ...]:
    """In every state that the dialect can show them in."""
    found: list[Job] = []
    if kind is not JobKind.CAPTIONS:
        found += _image_jobs(submits)
    if kind is not JobKind.IMAGES:
        found += samples.every_caption()
    return tuple(found)


def _image_jobs(submits: Submits) -> tuple[Job, ...]:
    submit = submits[JobKind.IMAGES]
    if submit.dialect == "native":
        return (
            *samples.every_job(),
            samples.full_job(),
            samples.pending_job(),
            samples.stood_in_job(),
        )
    return samples.made_for(submit, samples.every_job(submit.request.n))


def _submitted(operation: ops.SubmitJob, submits: Submits) -> tuple[Any, ...]:
    is_native = operation.dialect == "native"
    if isinstance(operation.request, CaptionRequest):
        jobs = samples.every_caption()
        quotes = [samples.quoted(operation.request, 10)]
    else:
        jobs = _image_jobs(submits)
        quotes = [samples.quoted(one, 1) for one in _requests()]
        # As a dialect may have noted what its answer depends on.
        noted = {**operation.terms, "seed": "4242", "task": "asked for"}
        jobs += tuple(replace(one, terms=noted) for one in jobs[:1])
    submitted = [
        samples.submitted(one, replayed=is_native and number == 1)
        for number, one in enumerate(jobs)
    ]
    return (*submitted, *(quotes if is_native else ()))


def _requests() -> tuple[Any, ...]:
    return samples.image_request(), samples.full_job().picture


def _listed(operation: ops.ListJobs, submits: Submits) -> tuple[Any, ...]:
    jobs = _jobs(operation.kind, submits)
    return (
        outcomes.JobPage(jobs=jobs[:1], cursor=jobs[0].id),
        outcomes.JobPage(jobs=jobs, cursor=None),
    )


def _imported(operation: Any, _submits: Submits) -> tuple[Any, ...]:
    is_upload = isinstance(operation, library_ops.CompleteUpload)
    return (library.UPLOADED, library.GENERATED if is_upload else library.FETCHED, library.PENDING)


def _media(operation: library_ops.ListMedia, _submits: Submits) -> tuple[Any, ...]:
    every = tuple(one for one in library.EVERY_MEDIA if one.format or not operation.only_ready)
    return (
        outcomes.MediaPage(media=(library.GENERATED, library.UPLOADED), has_more=True),
        outcomes.MediaPage(media=every, has_more=False),
    )


def _models(_operation: Any, _submits: Submits) -> tuple[Any, ...]:
    return (outcomes.Models(models=tuple(samples.CATALOGUE.models.values())),)


_COUNTED = tuple(
    hooks.WebhookWithCounts(
        webhook=webhook,
        counts=hooks.DeliveryCounts(pending=pending, failed_last_day=failed, has_more=has_more),
    )
    for webhook, pending, failed, has_more in (
        (webhooks.HOOK, 12, 3, False),
        (webhooks.DISABLED, 5000, 800, True),
        (webhooks.DEFAULT, 0, 0, False),
    )
)
_SCHEMAS = {
    "job.completed": {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}
}
_FILES = {
    "json": '{"openapi":"3.1.0"}',
    "html": "<!doctype html><title>Darkroom</title>",
}
_DELIVERIES = (webhooks.PENDING, webhooks.DELIVERED, webhooks.FAILED)
_OUTCOMES: Mapping[type, Callable[[Any, Submits], tuple[Any, ...]] | tuple[Any, ...]] = {
    ops.SubmitJob: _submitted,
    ops.CancelJob: (
        samples.job(JobStatus.CANCELED),
        samples.captions(JobStatus.CANCELED),
    ),
    ops.WaitForJob: lambda _, submits: tuple(map(samples.submitted, _image_jobs(submits))),
    ops.ReadJob: lambda operation, submits: _jobs(operation.kind, submits),
    ops.ListJobs: _listed,
    ops.ReceiveCallback: (outcomes.CallbackReceived(),),
    ops.ReadAccount: (library.ACCOUNT,),
    library_ops.UploadMedia: _imported,
    library_ops.ImportMedia: _imported,
    library_ops.BeginUpload: (library.UPLOAD_TARGET,),
    library_ops.CompleteUpload: _imported,
    library_ops.ListMedia: _media,
    library_ops.ReadMedia: (library.GENERATED, *library.EVERY_MEDIA),
    library_ops.OpenMedia: library.FILES,
    library_ops.DeleteMedia: (library.DELETED,),
    library_ops.CreateCollection: (library.GALLERY, library.EMPTY_GALLERY),
    library_ops.ChangeCollection: (library.GALLERY, library.EMPTY_GALLERY),
    library_ops.ReadCollection: (library.GALLERY, library.EMPTY_GALLERY),
    library_ops.ListCollections: (
        outcomes.CollectionPage(collections=(library.GALLERY,), has_more=True),
        outcomes.CollectionPage(collections=(), has_more=False),
    ),
    library_ops.DeleteCollection: (library.DELETED,),
    ops.ListModels: _models,
    ops.ReadModel: lambda *_: tuple(samples.CATALOGUE.models.values()),
    library_ops.OpenFile: library.FILES,
    ops.CheckHealth: (outcomes.Healthy(),),
    ops.ShowDescription: lambda operation, _: (outcomes.Description(text=_FILES[operation.form]),),
    ops.ShowEventSchemas: lambda operation, _: (
        outcomes.Schemas(_SCHEMAS if operation.name is None else _SCHEMAS["job.completed"]),
    ),
    hooks.CreateWebhook: (webhooks.MADE,),
    hooks.ChangeWebhook: (webhooks.HOOK, webhooks.DISABLED),
    hooks.ListWebhooks: (
        hooks.WebhookList(webhooks=(webhooks.HOOK, webhooks.DISABLED, webhooks.DEFAULT)),
    ),
    hooks.ReadWebhook: _COUNTED,
    hooks.DeleteWebhook: (library.DELETED,),
    hooks.RotateWebhook: (webhooks.MADE, webhooks.OF_ALL_REQUESTS),
    hooks.ExpireOldSecrets: (library.DELETED,),
    hooks.ShowWebhookSecret: (webhooks.OF_ALL_REQUESTS,),
    hooks.TestWebhook: (webhooks.PENDING,),
    hooks.ListDeliveries: (
        hooks.DeliveryPage(deliveries=_DELIVERIES, last=webhooks.FAILED.id),
        hooks.DeliveryPage(deliveries=(), last=None),
    ),
    hooks.ReadDelivery: _DELIVERIES,
    hooks.Redeliver: (webhooks.PENDING,),
    hooks.RedeliverAll: (
        hooks.Redelivered(count=100, last=webhooks.DELIVERY_ID),
        hooks.Redelivered(count=0, last=None),
    ),
}
