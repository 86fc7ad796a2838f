"""The intake function, wired."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from darkroom.aws.accounts import DynamoAccounts
from darkroom.aws.aliases import DynamoAliases
from darkroom.aws.collections import DynamoCollections
from darkroom.aws.intake_queue import SqsIntakeQueue
from darkroom.aws.jobs import DynamoJobs
from darkroom.aws.library import DynamoLibrary
from darkroom.aws.queue import SqsImageQueue
from darkroom.aws.secrets import DerivedSecrets
from darkroom.aws.session import Clients
from darkroom.bootstrap.catalogue import load_catalogue, web_policy
from darkroom.bootstrap.faults import passes
from darkroom.bootstrap.telling import teller
from darkroom.dialects.bodies import parsed
from darkroom.dialects.native.hook_body import hook_of_refused
from darkroom.dialects.native.problems import explain
from darkroom.dialects.native.submission import read_submission
from darkroom.dialects.wire import Desk
from darkroom.domain.image_request import MAX_SEED
from darkroom.domain.job import Hook
from darkroom.domain.operations import Caller, Quoted, SubmitJob, Submitted
from darkroom.settings import IntakeSettings
from darkroom.system import SystemClock, SystemIds
from darkroom.usecases.admit import admit
from darkroom.usecases.look_up import Shelves
from darkroom.usecases.submit_job import earlier_job, submit_job
from darkroom.usecases.take_request import Intake


def intake(settings: IntakeSettings) -> Intake:
    clients, clock, ids = Clients(), SystemClock(), SystemIds()
    dynamodb, sqs, table = clients.get("dynamodb"), clients.get("sqs"), settings.table_name
    secrets = DerivedSecrets(clients.get("secretsmanager"), settings.signing_secret, clock)
    catalogue, web = load_catalogue(settings), web_policy(settings)
    accounts = DynamoAccounts(dynamodb, table)

    shelves = Shelves(
        jobs=DynamoJobs(dynamodb, table),
        library=DynamoLibrary(dynamodb, table),
        collections=DynamoCollections(dynamodb, table),
        aliases=DynamoAliases(dynamodb, table, clock),
    )
    queue = SqsImageQueue(sqs, settings.images_queue_url, settings.backlog_queue_url)

    def submit(command: SubmitJob, caller: Caller) -> Submitted | Quoted:
        account, _ = admit(caller, accounts=accounts, now=clock.now())
        return submit_job(
            command,
            caller,
            account,
            catalogue=catalogue,
            shelves=shelves,
            queue=queue,
            clock=clock,
            ids=ids,
            share=int(settings.workspace_share),
        )

    def desk_of(caller: Caller) -> Desk:
        return Desk(
            catalogue=catalogue,
            caller=caller,
            web=web,
            fresh_seed=ids.below(MAX_SEED + 1),
            file_url=_nobody_reads,
        )

    def read(body: bytes, caller: Caller, token: str) -> SubmitJob:
        return read_submission(body, desk_of(caller), wait=0, idempotency_key=token)

    def read_hook(request: Mapping[str, Any], caller: Caller) -> Hook | None:
        return hook_of_refused(request, desk_of(caller))

    return Intake(
        submit=submit,
        earlier=partial(earlier_job, jobs=shelves.jobs, clock=clock),
        parse=parsed,
        read=read,
        read_hook=read_hook,
        accounts=accounts,
        explain=explain,
        passes=passes,
        teller=teller(settings, clients, secrets, clock),
        queue=SqsIntakeQueue(sqs, settings.intake_queue_url, settings.intake_dead_letter_queue_url),
        clock=clock,
    )


def _nobody_reads(name: str) -> str:
    raise ValueError(f"a request has no answer here that {name} could be named in")
