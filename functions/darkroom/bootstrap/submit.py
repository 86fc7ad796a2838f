"""The submit function, wired."""

from __future__ import annotations

from functools import partial

from darkroom.aws.accounts import DynamoAccounts
from darkroom.aws.jobs import DynamoJobs
from darkroom.aws.keys import DynamoKeys
from darkroom.aws.queue import SqsImageQueue
from darkroom.aws.secrets import DerivedSecrets
from darkroom.aws.session import Clients
from darkroom.bootstrap.api import Api, token_checker
from darkroom.bootstrap.catalogue import load_catalogue
from darkroom.domain.catalogue import Catalogue
from darkroom.domain.operations import CancelJob, SubmitJob
from darkroom.domain.ports import Accounts, Clock, Ids, ImageQueue, Jobs, Keys, Secrets, Tokens
from darkroom.settings import SubmitSettings
from darkroom.system import SystemClock, SystemIds
from darkroom.usecases.cancel_job import cancel_job
from darkroom.usecases.submit_job import submit_job


def submit_api(settings: SubmitSettings) -> Api:
    clients, clock = Clients(), SystemClock()
    dynamodb = clients.get("dynamodb")
    return wire(
        catalogue=load_catalogue(),
        keys=DynamoKeys(dynamodb, settings.table_name, clock),
        secrets=DerivedSecrets(clients.get("secretsmanager"), settings.signing_secret),
        tokens=token_checker(settings, clock),
        jobs=DynamoJobs(dynamodb, settings.table_name),
        accounts=DynamoAccounts(dynamodb, settings.table_name),
        queue=SqsImageQueue(clients.get("sqs"), settings.images_queue_url),
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
    accounts: Accounts,
    queue: ImageQueue,
    clock: Clock,
    ids: Ids,
) -> Api:
    return Api(
        catalogue=catalogue,
        keys=keys,
        secrets=secrets,
        tokens=tokens,
        clock=clock,
        ids=ids,
        with_caller={
            SubmitJob: partial(
                submit_job,
                catalogue=catalogue,
                accounts=accounts,
                jobs=jobs,
                queue=queue,
                clock=clock,
                ids=ids,
            ),
            CancelJob: partial(cancel_job, jobs=jobs, clock=clock),
        },
        without_caller={},
    )
