"""The status function, wired. Nothing here can write."""

from __future__ import annotations

from functools import partial

from darkroom.aws.images import S3Images
from darkroom.aws.jobs import DynamoJobs
from darkroom.aws.keys import DynamoKeys
from darkroom.aws.secrets import DerivedSecrets
from darkroom.aws.session import Clients
from darkroom.bootstrap.api import Api, link_signer, token_checker
from darkroom.bootstrap.catalogue import load_catalogue
from darkroom.domain.catalogue import Catalogue
from darkroom.domain.operations import (
    CheckHealth,
    FileAt,
    Healthy,
    ListJobs,
    ListModels,
    OpenFile,
    ReadJob,
    ReadModel,
)
from darkroom.domain.ports import Clock, Ids, ImageStore, Jobs, Keys, Secrets, Tokens
from darkroom.settings import StatusSettings
from darkroom.system import SystemClock, SystemIds
from darkroom.usecases.list_jobs import list_jobs
from darkroom.usecases.open_file import open_file
from darkroom.usecases.read_job import read_job
from darkroom.usecases.read_models import list_models, read_model


def status_api(settings: StatusSettings) -> Api:
    clients, clock = Clients(), SystemClock()
    dynamodb = clients.get("dynamodb")
    return wire(
        catalogue=load_catalogue(),
        keys=DynamoKeys(dynamodb, settings.table_name, clock),
        secrets=DerivedSecrets(clients.get("secretsmanager"), settings.signing_secret),
        tokens=token_checker(settings, clock),
        jobs=DynamoJobs(dynamodb, settings.table_name),
        images=S3Images(lambda: clients.get("s3"), settings.bucket_name),
        clock=clock,
        ids=SystemIds(),
    )


def wire(
    *,
    catalogue: Catalogue,
    keys: Keys,
    secrets: Secrets,
    tokens: Tokens | None,
    jobs: Jobs,
    images: ImageStore,
    clock: Clock,
    ids: Ids,
) -> Api:
    def open_signed(operation: OpenFile) -> FileAt:
        return open_file(operation, signer=link_signer(secrets), images=images, clock=clock)

    return Api(
        catalogue=catalogue,
        keys=keys,
        secrets=secrets,
        tokens=tokens,
        clock=clock,
        ids=ids,
        with_caller={
            ReadJob: partial(read_job, jobs=jobs, clock=clock),
            ListJobs: partial(list_jobs, jobs=jobs),
            ListModels: partial(list_models, catalogue=catalogue),
            ReadModel: partial(read_model, catalogue=catalogue),
        },
        without_caller={OpenFile: open_signed, CheckHealth: lambda _: Healthy()},
    )
