"""The submit function, wired."""

from __future__ import annotations

from functools import partial

from darkroom.aws.accounts import DynamoAccounts
from darkroom.aws.jobs import DynamoJobs
from darkroom.aws.queue import SqsImageQueue
from darkroom.aws.session import Clients
from darkroom.bootstrap.api import Api, front
from darkroom.domain.operations import CancelJob, SubmitJob
from darkroom.settings import SubmitSettings
from darkroom.usecases.cancel_job import cancel_job
from darkroom.usecases.submit_job import submit_job


def submit_api(settings: SubmitSettings) -> Api:
    clients = Clients()
    dynamodb = clients.get("dynamodb")
    shared = front(settings, clients)
    jobs = DynamoJobs(dynamodb, settings.table_name)
    submit = partial(
        submit_job,
        catalogue=shared.catalogue,
        accounts=DynamoAccounts(dynamodb, settings.table_name),
        jobs=jobs,
        queue=SqsImageQueue(clients.get("sqs"), settings.images_queue_url),
        clock=shared.clock,
        ids=shared.ids,
    )
    return Api(
        front=shared,
        with_caller={
            SubmitJob: submit,
            CancelJob: partial(cancel_job, jobs=jobs, clock=shared.clock),
        },
        without_caller={},
    )
