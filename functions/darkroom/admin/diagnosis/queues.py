"""What waits in the stack's queues, and since when; what lies in the dead letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from darkroom.admin.deployment import Deployment
from darkroom.admin.diagnosis.finding import Finding, bad, good, judged, not_checked

# An image has 15 minutes from its submit; what waits for two thirds of them is late.
_LATE_SECONDS = 600
# Metrics of a queue come each minute, and a few minutes late.
_LOOK_BACK = timedelta(minutes=6)
_PERIOD_SECONDS = 60
_COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


def check_queues(deployment: Deployment) -> Iterator[Finding]:
    queues = deployment.physical_ids("AWS::SQS::Queue")
    for logical, url in sorted(queues.items()):
        attributes = deployment.client("sqs").get_queue_attributes(
            QueueUrl=url, AttributeNames=["RedrivePolicy", *_COUNTS]
        )["Attributes"]
        # Dead letters are those that have none of their own.
        if "RedrivePolicy" in attributes:
            yield _work_queue(deployment, f"queue {_short(logical)}", url, attributes)
        else:
            number = sum(int(attributes[name]) for name in _COUNTS)
            subject = f"dead letters {_short(logical)}"
            text = f"{number} messages: see the runbooks" if number else "empty"
            yield judged(subject, text, is_good=not number)


def _work_queue(
    deployment: Deployment, subject: str, url: str, attributes: Mapping[str, str]
) -> Finding:
    waiting, in_work = (int(attributes[name]) for name in _COUNTS)
    text = f"{waiting} waiting, {in_work} in work"
    if not waiting:
        return good(subject, text)
    age = _oldest_seconds(deployment, url)
    if age is None:
        return not_checked(subject, f"{text}; since when is not known")
    text = f"{text}, the oldest for {age:.0f} s"
    return bad(subject, text) if age > _LATE_SECONDS else good(subject, text)


def _oldest_seconds(deployment: Deployment, url: str) -> float | None:
    now = deployment.services.clock.now()
    points = deployment.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SQS",
        MetricName="ApproximateAgeOfOldestMessage",
        Dimensions=[{"Name": "QueueName", "Value": url.rpartition("/")[2]}],
        StartTime=now - _LOOK_BACK,
        EndTime=now,
        Period=_PERIOD_SECONDS,
        Statistics=["Maximum"],
    )["Datapoints"]
    newest = max(points, key=lambda point: point["Timestamp"], default=None)
    return float(newest["Maximum"]) if newest else None


def _short(logical: str) -> str:
    """Without CDK's hash of eight digits."""
    return logical[:-8]
