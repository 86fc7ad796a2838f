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
from darkroom.bootstrap.api import Api, front
from darkroom.domain.operations import (
    BeginUpload,
    Caller,
    CancelJob,
    ChangeCollection,
    CompleteUpload,
    CreateCollection,
    DeleteCollection,
    DeleteMedia,
    HearProvider,
    ImportMedia,
    Outcome,
    SubmitJob,
    UploadMedia,
)
from darkroom.settings import SubmitSettings
from darkroom.usecases.bring_in import Reception
from darkroom.usecases.cancel_job import cancel_job
from darkroom.usecases.hear_provider import hear_provider
from darkroom.usecases.keep_collections import Curator
from darkroom.usecases.keep_library import delete_media
from darkroom.usecases.look_up import Shelves
from darkroom.usecases.submit_job import submit_job


def submit_api(settings: SubmitSettings) -> Api:
    clients = Clients()
    dynamodb, table = clients.get("dynamodb"), settings.table_name
    shared = front(settings, clients)
    jobs = DynamoJobs(dynamodb, table)
    library = DynamoLibrary(dynamodb, table)
    collections = DynamoCollections(dynamodb, table)
    images = S3Images(lambda: clients.get("s3"), settings.bucket_name)
    queue = SqsImageQueue(clients.get("sqs"), settings.images_queue_url, settings.backlog_queue_url)
    submit = partial(
        submit_job,
        catalogue=shared.catalogue,
        shelves=Shelves(
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
    reception = Reception(
        accounts=accounts,
        library=library,
        images=images,
        queue=queue,
        clock=shared.clock,
        ids=shared.ids,
    )
    curator = Curator(collections=collections, library=library, clock=shared.clock, ids=shared.ids)

    @cache
    def about_webhooks() -> Mapping[type, Callable[[Any, Caller], Outcome]]:
        from darkroom.bootstrap.webhook_api import keeping  # noqa: PLC0415

        return keeping(settings, clients, shared)

    return Api(
        front=shared,
        accounts=accounts,
        with_account={
            SubmitJob: submit,
            UploadMedia: reception.upload,
            ImportMedia: reception.fetch,
            BeginUpload: reception.begin,
        },
        with_caller={
            CancelJob: partial(cancel_job, jobs=jobs, queue=queue, clock=shared.clock),
            CompleteUpload: reception.complete,
            DeleteMedia: partial(delete_media, library=library, images=images),
            CreateCollection: curator.create,
            ChangeCollection: curator.change,
            DeleteCollection: curator.delete,
        },
        seldom=about_webhooks,
        without_caller={
            HearProvider: partial(hear_provider, jobs=jobs, queue=queue, callbacks=queue)
        },
    )
