"""The intake function, wired."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from darkroom.aws.intake_queue import SqsIntakeQueue
from darkroom.bootstrap.ports import (
    BusPorts,
    CataloguePorts,
    ImageQueuePorts,
    WebPorts,
    is_temporary,
)
from darkroom.dialects.context import RequestContext
from darkroom.dialects.native.job_request import Submit, requested_job
from darkroom.dialects.native.problems import explain
from darkroom.dialects.native.webhook_field import hook_of_rejected
from darkroom.dialects.reading_bodies import parsed, read_body
from darkroom.dialects.wire import Request
from darkroom.domain.image_request import MAX_SEED
from darkroom.domain.job import Hook
from darkroom.domain.operations import Caller, QuoteJob, SubmitJob
from darkroom.domain.outcomes import Submitted
from darkroom.settings import IntakeSettings
from darkroom.usecases.accept_message import Intake
from darkroom.usecases.limits import check_rate_limit
from darkroom.usecases.submit_job import earlier_job, submit_job


class IntakePorts(WebPorts, CataloguePorts, ImageQueuePorts, BusPorts):
    settings: IntakeSettings

    @cached_property
    def intake_queue(self) -> SqsIntakeQueue:
        urls = (self.settings.intake_queue_url, self.settings.intake_dead_letter_queue_url)
        return SqsIntakeQueue(self.clients.get("sqs"), *urls)


def intake(ports: IntakePorts) -> Intake:
    clock, catalogue, web, queue = ports.clock, ports.catalogue, ports.web_policy, ports.queue

    def submit(command: SubmitJob, caller: Caller) -> Submitted:
        account, _ = check_rate_limit(caller, accounts=ports.accounts, now=clock.now())
        return submit_job(
            command,
            caller,
            account,
            catalogue=catalogue,
            stores=ports.reference_stores,
            queue=queue,
            clock=clock,
            ids=ports.ids,
            share=int(ports.settings.workspace_share),
        )

    def context_of(caller: Caller, headers: Mapping[str, str]) -> RequestContext:
        return RequestContext(
            request=_request(headers, clock.now()),
            dialect="native",
            catalogue=catalogue,
            caller=caller,
            web=web,
            fresh_seed=ports.ids.below(MAX_SEED + 1),
            file_url=_no_answer,
        )

    def read(body: bytes, caller: Caller, token: str) -> SubmitJob | QuoteJob:
        """As `POST /v1/jobs` reads it, with the message's token as Idempotency-Key."""
        context = context_of(caller, {"idempotency-key": token})
        submit, context.fingerprint = read_body(Submit, body)
        return requested_job(submit, context)

    def read_hook(request: Mapping[str, Any], caller: Caller) -> Hook | None:
        return hook_of_rejected(request, context_of(caller, {}))

    return Intake(
        submit=submit,
        earlier=partial(earlier_job, jobs=ports.jobs, clock=clock),
        parse=parsed,
        read=read,
        read_hook=read_hook,
        accounts=ports.accounts,
        explain=explain,
        is_temporary=is_temporary,
        event_publisher=ports.event_publisher,
        queue=ports.intake_queue,
        clock=clock,
    )


def _request(headers: Mapping[str, str], at: datetime) -> Request:
    """What a message would be as a request over HTTP."""
    return Request(
        method="POST",
        path="/v1/jobs",
        host="",
        scheme="https",
        request_id="",
        client="",
        at=at,
        headers=headers,
    )


def _no_answer(name: str) -> str:
    raise ValueError(f"a message has no answer that {name} could be named in")
