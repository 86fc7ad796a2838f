"""The submit function, wired."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

from darkroom.bootstrap.api import Api, ApiPorts
from darkroom.bootstrap.ports import EventPorts, ImageQueuePorts
from darkroom.domain.library_operations import (
    BeginUpload,
    ChangeCollection,
    CompleteUpload,
    CreateCollection,
    DeleteCollection,
    DeleteMedia,
    ImportMedia,
    UploadMedia,
)
from darkroom.domain.operations import Caller, CancelJob, QuoteJob, ReceiveCallback, SubmitJob
from darkroom.settings import SubmitSettings
from darkroom.usecases.collections import CollectionService
from darkroom.usecases.jobs import cancel_job
from darkroom.usecases.media import delete_media
from darkroom.usecases.media_upload import MediaUploads
from darkroom.usecases.receive_callback import receive_callback
from darkroom.usecases.submit_job import quote_job, submit_job

if TYPE_CHECKING:
    from darkroom.aws.jobs import DynamoJobs


class SubmitPorts(ApiPorts, ImageQueuePorts, EventPorts):
    settings: SubmitSettings
    function = "submit"

    @cached_property
    def jobs(self) -> DynamoJobs:
        from darkroom.aws.jobs import DynamoJobs  # noqa: PLC0415

        return DynamoJobs(self.table, self.media_life, self.calls)


def submit_api(ports: SubmitPorts) -> Api:
    submit = partial(
        submit_job,
        catalogue=ports.catalogue,
        stores=ports.reference_stores,
        queue=ports.queue,
        clock=ports.clock,
        ids=ports.ids,
        share=int(ports.settings.workspace_share),
        calls=ports.calls,
    )
    uploads = MediaUploads(
        accounts=ports.accounts,
        library=ports.library,
        images=ports.images,
        queue=ports.queue,
        clock=ports.clock,
        ids=ports.ids,
    )
    collection_service = CollectionService(
        collections=ports.collections, library=ports.library, clock=ports.clock, ids=ports.ids
    )

    @cache
    def webhook_operations() -> Mapping[type, Callable[[Any, Caller], Any]]:
        from darkroom.bootstrap.webhook_api import webhook_commands  # noqa: PLC0415

        return webhook_commands(ports)

    return Api(
        ports=ports,
        with_account={
            SubmitJob: submit,
            QuoteJob: partial(quote_job, catalogue=ports.catalogue, stores=ports.reference_stores),
            UploadMedia: uploads.upload,
            ImportMedia: uploads.fetch,
            BeginUpload: uploads.begin,
        },
        with_caller={
            CancelJob: partial(cancel_job, jobs=ports.jobs, queue=ports.queue, clock=ports.clock),
            CompleteUpload: uploads.complete,
            DeleteMedia: partial(delete_media, library=ports.library, images=ports.images),
            CreateCollection: collection_service.create,
            ChangeCollection: collection_service.change,
            DeleteCollection: collection_service.delete,
        },
        on_demand=webhook_operations,
        without_caller={
            ReceiveCallback: partial(
                receive_callback, jobs=ports.jobs, queue=ports.queue, callbacks=ports.queue
            )
        },
    )
