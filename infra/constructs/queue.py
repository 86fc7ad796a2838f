"""A queue of work, and the dead letter queue of what could not be done."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.nag import accept

# AWS asks for six times the function's timeout: a batch that the mapping has taken may wait for a
# free function, and must not be given out a second time meanwhile.
VISIBILITY_FACTOR = 6
# Throttling counts as a delivery too: fewer than five send healthy messages to the dead letters.
DELIVERIES = 5


class DeadLetters(sqs.Queue):
    """Two weeks for the operator to look at what no function could handle."""

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(
            scope,
            name,
            retention_period=Duration.days(14),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
        )
        accept(
            self,
            "AwsSolutions-SQS3",
            because="Messages that no function could handle end here: nothing comes after.",
        )


class WorkQueue(Construct):
    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        timeout_seconds: int,
        dead_letters: DeadLetters | None = None,
    ) -> None:
        """`dead_letters`: those of another queue of the same work."""
        super().__init__(scope, name)
        self.visibility_seconds = VISIBILITY_FACTOR * timeout_seconds
        self.dead_letters = dead_letters or DeadLetters(self, "DeadLetters")
        self.queue = sqs.Queue(
            self,
            "Queue",
            visibility_timeout=Duration.seconds(self.visibility_seconds),
            retention_period=Duration.days(4),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=DELIVERIES
            ),
        )
