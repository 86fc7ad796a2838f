"""The status function, wired. Nothing here can write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

from darkroom.bootstrap.api import Api, ApiPorts
from darkroom.bootstrap.descriptions import show_description, show_event_schemas
from darkroom.domain.library_operations import (
    ListCollections,
    ListMedia,
    OpenFile,
    OpenMedia,
    ReadCollection,
    ReadMedia,
)
from darkroom.domain.operations import (
    Caller,
    CheckHealth,
    ListJobs,
    ListModels,
    ReadAccount,
    ReadJob,
    ReadModel,
    ShowDescription,
    ShowEventSchemas,
    WaitForJob,
)
from darkroom.domain.outcomes import FileContent, FileLocation, Healthy
from darkroom.usecases.account import list_models, read_account, read_model
from darkroom.usecases.collections import CollectionService
from darkroom.usecases.jobs import list_jobs, read_job
from darkroom.usecases.media import list_media, open_media, read_media
from darkroom.usecases.open_file import open_file
from darkroom.usecases.synchronous import wait_for_job


def status_api(ports: ApiPorts) -> Api:
    collection_service = CollectionService(
        collections=ports.collections, library=ports.library, clock=ports.clock, ids=ports.ids
    )

    @cache
    def webhook_operations() -> Mapping[type, Callable[[Any, Caller], Any]]:
        from darkroom.bootstrap.webhook_api import webhook_queries  # noqa: PLC0415

        return webhook_queries(ports)

    def open_signed(operation: OpenFile) -> FileContent | FileLocation:
        signer = ports.link_signer()
        return open_file(operation, signer=signer, images=ports.images, clock=ports.clock)

    return Api(
        ports=ports,
        with_caller={
            ReadJob: partial(read_job, jobs=ports.jobs, clock=ports.clock),
            WaitForJob: partial(
                wait_for_job,
                jobs=ports.jobs,
                calls=ports.calls,
                accounts=ports.accounts,
                clock=ports.clock,
            ),
            ListJobs: partial(list_jobs, jobs=ports.jobs),
            ReadAccount: lambda _, caller: read_account(caller, accounts=ports.accounts),
            ListMedia: partial(list_media, library=ports.library),
            ReadMedia: partial(read_media, library=ports.library),
            OpenMedia: partial(
                open_media,
                library=ports.library,
                images=ports.images,
                jobs=ports.jobs,
                clock=ports.clock,
            ),
            ReadCollection: collection_service.read,
            ListCollections: collection_service.list,
            ListModels: partial(
                list_models,
                catalogue=ports.catalogue,
                accounts=ports.accounts,
                aliases=ports.aliases,
            ),
            ReadModel: partial(
                read_model,
                catalogue=ports.catalogue,
                accounts=ports.accounts,
                aliases=ports.aliases,
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
