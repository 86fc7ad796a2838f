"""The status function, wired. Nothing here can write."""

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
from darkroom.aws.session import Clients
from darkroom.bootstrap.api import Api, front
from darkroom.bootstrap.descriptions import show_description, show_event_schemas
from darkroom.bootstrap.links import link_signer
from darkroom.domain.operations import (
    Caller,
    CheckHealth,
    FileAt,
    Healthy,
    ListCollections,
    ListJobs,
    ListMedia,
    ListModels,
    OpenFile,
    OpenMedia,
    Outcome,
    ReadAccount,
    ReadCollection,
    ReadJob,
    ReadMedia,
    ReadModel,
    ShowDescription,
    ShowEventSchemas,
)
from darkroom.settings import StatusSettings
from darkroom.usecases.keep_collections import Curator
from darkroom.usecases.keep_library import list_media, open_media, read_media
from darkroom.usecases.list_jobs import list_jobs
from darkroom.usecases.open_file import open_file
from darkroom.usecases.read_account import read_account
from darkroom.usecases.read_job import read_job
from darkroom.usecases.read_models import list_models, read_model


def status_api(settings: StatusSettings) -> Api:
    clients = Clients()
    shared = front(settings, clients)
    dynamodb, table = clients.get("dynamodb"), settings.table_name
    jobs, accounts = DynamoJobs(dynamodb, table), DynamoAccounts(dynamodb, table)
    aliases = DynamoAliases(dynamodb, table, shared.clock)
    library = DynamoLibrary(dynamodb, table)
    curator = Curator(
        collections=DynamoCollections(dynamodb, table),
        library=library,
        clock=shared.clock,
        ids=shared.ids,
    )
    images = S3Images(lambda: clients.get("s3"), settings.bucket_name)

    @cache
    def about_webhooks() -> Mapping[type, Callable[[Any, Caller], Outcome]]:
        from darkroom.bootstrap.webhook_api import reading  # noqa: PLC0415

        return reading(settings, clients, shared)

    def open_signed(operation: OpenFile) -> FileAt:
        signer = link_signer(shared.secrets)
        return open_file(operation, signer=signer, images=images, clock=shared.clock)

    return Api(
        front=shared,
        accounts=accounts,
        with_caller={
            ReadJob: partial(read_job, jobs=jobs, clock=shared.clock),
            ListJobs: partial(list_jobs, jobs=jobs),
            ReadAccount: partial(read_account, accounts=accounts),
            ListMedia: partial(list_media, library=library),
            ReadMedia: partial(read_media, library=library),
            OpenMedia: partial(
                open_media, library=library, images=images, jobs=jobs, clock=shared.clock
            ),
            ReadCollection: curator.read,
            ListCollections: curator.list,
            ListModels: partial(
                list_models, catalogue=shared.catalogue, accounts=accounts, aliases=aliases
            ),
            ReadModel: partial(
                read_model, catalogue=shared.catalogue, accounts=accounts, aliases=aliases
            ),
        },
        seldom=about_webhooks,
        without_caller={
            OpenFile: open_signed,
            CheckHealth: lambda _: Healthy(),
            ShowDescription: show_description,
            ShowEventSchemas: show_event_schemas,
        },
    )
