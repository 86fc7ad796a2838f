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
from darkroom.bootstrap.api import Api, api_dependencies
from darkroom.bootstrap.descriptions import show_description, show_event_schemas
from darkroom.bootstrap.links import link_signer
from darkroom.domain.operations import (
    Caller,
    CheckHealth,
    ListCollections,
    ListJobs,
    ListMedia,
    ListModels,
    OpenFile,
    OpenMedia,
    ReadAccount,
    ReadCollection,
    ReadJob,
    ReadMedia,
    ReadModel,
    ShowDescription,
    ShowEventSchemas,
)
from darkroom.domain.outcomes import FileLocation, Healthy, Outcome
from darkroom.settings import StatusSettings
from darkroom.usecases.collections import CollectionService
from darkroom.usecases.list_jobs import list_jobs
from darkroom.usecases.media import list_media, open_media, read_media
from darkroom.usecases.open_file import open_file
from darkroom.usecases.read_account import read_account
from darkroom.usecases.read_job import read_job
from darkroom.usecases.read_models import list_models, read_model


def status_api(settings: StatusSettings) -> Api:
    clients = Clients()
    shared = api_dependencies(settings, clients)
    dynamodb, table = clients.get("dynamodb"), settings.table_name
    jobs, accounts = DynamoJobs(dynamodb, table), DynamoAccounts(dynamodb, table)
    aliases = DynamoAliases(dynamodb, table, shared.clock)
    library = DynamoLibrary(dynamodb, table)
    collection_service = CollectionService(
        collections=DynamoCollections(dynamodb, table),
        library=library,
        clock=shared.clock,
        ids=shared.ids,
    )
    images = S3Images(lambda: clients.get("s3"), settings.bucket_name)

    @cache
    def webhook_operations() -> Mapping[type, Callable[[Any, Caller], Outcome]]:
        from darkroom.bootstrap.webhook_api import webhook_queries  # noqa: PLC0415

        return webhook_queries(settings, clients, shared)

    def open_signed(operation: OpenFile) -> FileLocation:
        signer = link_signer(shared.secrets)
        return open_file(operation, signer=signer, images=images, clock=shared.clock)

    return Api(
        dependencies=shared,
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
            ReadCollection: collection_service.read,
            ListCollections: collection_service.list,
            ListModels: partial(
                list_models, catalogue=shared.catalogue, accounts=accounts, aliases=aliases
            ),
            ReadModel: partial(
                read_model, catalogue=shared.catalogue, accounts=accounts, aliases=aliases
            ),
        },
        on_demand=webhook_operations,
        without_caller={
            OpenFile: open_signed,
            CheckHealth: lambda _: Healthy(),
            ShowDescription: show_description,
            ShowEventSchemas: show_event_schemas,
        },
    )
