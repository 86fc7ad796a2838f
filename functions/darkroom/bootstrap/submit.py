"""The submit function, wired."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

from darkroom.aws.accounts import DynamoAccounts
from darkroom.aws.aliases import DynamoAliases
from darkroom.aws.collections import DynamoCollections
from darkroom.aws.images import S3Images
from darkroom.aws.jobs import DynamoJobs
from darkroom.aws.library import DynamoLibrary
from darkroom.aws.queue import SqsImageQueue
from darkroom.aws.session import Clients
from darkroom.bootstrap.api import Api, api_dependencies
from darkroom.domain.operations import (
    BeginUpload,
    Caller,
    CancelJob,
    ChangeCollection,
    CompleteUpload,
    CreateCollection,
    DeleteCollection,
    DeleteMedia,
    ImportMedia,
    ReceiveCallback,
    SubmitJob,
    UploadMedia,
)
from darkroom.domain.outcomes import Outcome
from darkroom.settings import SubmitSettings
from darkroom.usecases.cancel_job import cancel_job
from darkroom.usecases.collections import CollectionService
from darkroom.usecases.media import delete_media
from darkroom.usecases.media_upload import MediaUploads
from darkroom.usecases.receive_callback import receive_callback
from darkroom.usecases.resolve_references import ReferenceStores
from darkroom.usecases.submit_job import submit_job


def submit_api(settings: SubmitSettings) -> Api:
    clients = Clients()
    dynamodb, table = clients.get("dynamodb"), settings.table_name
    shared = api_dependencies(settings, clients)
    jobs = DynamoJobs(dynamodb, table)
    library = DynamoLibrary(dynamodb, table)
    collections = DynamoCollections(dynamodb, table)
    images = S3Images(lambda: clients.get("s3"), settings.bucket_name)
    queue = SqsImageQueue(clients.get("sqs"), settings.images_queue_url, settings.backlog_queue_url)
    submit = partial(
        submit_job,
        catalogue=shared.catalogue,
        stores=ReferenceStores(
            jobs=jobs,
            library=library,
            collections=collections,
            aliases=DynamoAliases(dynamodb, table, shared.clock),
        ),
        queue=queue,
        clock=shared.clock,
        ids=shared.ids,
        share=int(settings.workspace_share),
    )
    accounts = DynamoAccounts(dynamodb, table)
    uploads = MediaUploads(
        accounts=accounts,
        library=library,
        images=images,
        queue=queue,
        clock=shared.clock,
        ids=shared.ids,
    )
    collection_service = CollectionService(
        collections=collections, library=library, clock=shared.clock, ids=shared.ids
    )

    @cache
    def webhook_operations() -> Mapping[type, Callable[[Any, Caller], Outcome]]:
        from darkroom.bootstrap.webhook_api import webhook_commands  # noqa: PLC0415

        return webhook_commands(settings, clients, shared)

    return Api(
        dependencies=shared,
        accounts=accounts,
        with_account={
            SubmitJob: submit,
            UploadMedia: uploads.upload,
            ImportMedia: uploads.fetch,
            BeginUpload: uploads.begin,
        },
        with_caller={
            CancelJob: partial(cancel_job, jobs=jobs, queue=queue, clock=shared.clock),
            CompleteUpload: uploads.complete,
            DeleteMedia: partial(delete_media, library=library, images=images),
            CreateCollection: collection_service.create,
            ChangeCollection: collection_service.change,
            DeleteCollection: collection_service.delete,
        },
        on_demand=webhook_operations,
        without_caller={
            ReceiveCallback: partial(receive_callback, jobs=jobs, queue=queue, callbacks=queue)
        },
    )
