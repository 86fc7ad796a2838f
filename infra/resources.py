"""What the functions share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from constructs import Construct

from infra.constructs.bus import EventBus, Submissions
from infra.constructs.queue import DeadLetters, WorkQueue
from infra.constructs.secret import OwnSecret
from infra.constructs.storage import ImageBucket, JobTable, WaitTable
from infra.options import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    table: JobTable
    waits: WaitTable
    bucket: ImageBucket
    images: WorkQueue
    # Of images beyond their workspace's share.
    backlog: WorkQueue
    webhooks: WorkQueue
    # To receivers that take long to answer.
    slow_webhooks: WorkQueue
    intake: WorkQueue
    # Changes of the table that the relay could not turn into events.
    set_aside: DeadLetters
    bus: EventBus
    submissions: Submissions
    signing_secret: OwnSecret
    webhook_secret: OwnSecret

    def work_queues(self) -> Mapping[str, WorkQueue]:
        """By what lies in them."""
        return {
            "Images": self.images,
            "Backlog": self.backlog,
            "Webhooks": self.webhooks,
            "Slow webhooks": self.slow_webhooks,
            "Intake": self.intake,
        }


def shared_resources(
    scope: Construct, options: Options, timeout_of: Mapping[str, int]
) -> Resources:
    """`timeout_of` has the seconds that each function may take, by its name."""
    intake = WorkQueue(scope, "Intake", timeout_seconds=timeout_of["intake"])
    bus = EventBus(scope, "Bus", options)
    images = WorkQueue(scope, "ImagesToMake", timeout_seconds=timeout_of["worker"])
    webhooks = WorkQueue(scope, "Webhooks", timeout_seconds=timeout_of["webhook"])
    return Resources(
        table=JobTable(scope, "Jobs", keep_data=options.keep_data),
        waits=WaitTable(scope, "Waits"),
        bucket=ImageBucket(
            scope,
            "Images",
            keep_data=options.keep_data,
            versioning=options.versioning,
            cors_origins=options.cors_origins,
        ),
        images=images,
        backlog=WorkQueue(
            scope,
            "ImagesBacklog",
            timeout_seconds=timeout_of["worker"],
            dead_letters=images.dead_letters,
        ),
        webhooks=webhooks,
        slow_webhooks=WorkQueue(
            scope,
            "SlowWebhooks",
            timeout_seconds=timeout_of["webhook"],
            dead_letters=webhooks.dead_letters,
        ),
        intake=intake,
        set_aside=DeadLetters(scope, "SetAside"),
        bus=bus,
        submissions=Submissions(scope, "Submissions", bus=bus, queue=intake.queue, options=options),
        signing_secret=OwnSecret(
            scope,
            "SigningSecret",
            purpose="Signs the addresses of files and hashes the API keys",
            keep_data=options.keep_data,
        ),
        # Apart, so that the function that calls receivers holds nothing else.
        webhook_secret=OwnSecret(
            scope,
            "WebhookSecret",
            purpose="Signs what is sent to webhooks",
            keep_data=options.keep_data,
        ),
    )
