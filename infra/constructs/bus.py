"""The bus: events of ours go out on it, and requests may come in as events."""

from __future__ import annotations

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.logs import NamedLogGroup
from infra.constructs.queue import DeadLetters
from infra.options import Options

# An event of this type on the bus submits a job.
SUBMISSION = "SubmitImageJob"


class EventBus(events.EventBus):
    def __init__(self, scope: Construct, name: str, options: Options) -> None:
        super().__init__(scope, name, event_bus_name=f"darkroom-{options.stage}")
        if options.event_archive_days:
            # Not `archive()`, which wants a pattern: everything is kept.
            events.CfnArchive(
                self,
                "Archive",
                source_arn=self.event_bus_arn,
                retention_days=options.event_archive_days,
            )
        if options.event_log:
            EventLog(self, "Log", bus=self, options=options)


class Submissions(Construct):
    """Requests that come as events, on their way to the intake's queue."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        bus: events.EventBus,
        queue: sqs.Queue,
        options: Options,
    ) -> None:
        super().__init__(scope, name)
        self.undelivered = DeadLetters(self, "Undelivered")
        # A name of our own: what a reference gives for a rule of a bus like ours is not the name
        # that its figures go by.
        rule_name = f"darkroom-{options.stage}-submissions"
        events.Rule(
            self,
            "Rule",
            rule_name=rule_name,
            event_bus=bus,
            event_pattern=events.EventPattern(detail_type=[SUBMISSION]),
            targets=[targets.SqsQueue(queue, dead_letter_queue=self.undelivered)],
        )
        self._dimensions = {"EventBusName": bus.event_bus_name, "RuleName": rule_name}

    def metric_matches(self, period: Duration) -> cloudwatch.Metric:
        return self._metric("MatchedEvents", period)

    def metric_failures(self, period: Duration) -> cloudwatch.Metric:
        """Without those that lie among the undelivered."""
        return self._metric("FailedInvocations", period)

    def _metric(self, name: str, period: Duration) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/Events",
            metric_name=name,
            dimensions_map=self._dimensions,
            period=period,
            statistic="Sum",
        )


class EventLog(Construct):
    """Everything on the bus, to be read along."""

    def __init__(
        self, scope: Construct, name: str, *, bus: events.EventBus, options: Options
    ) -> None:
        super().__init__(scope, name)
        group_name = f"/aws/events/darkroom-{options.stage}"
        group = NamedLogGroup(self, "Group", group_name=group_name, days=options.log_retention_days)
        # The plain resource, as the policy below: the ready-made target brings a function of its
        # own that does no more than write that policy.
        rule = events.CfnRule(
            self,
            "Rule",
            event_bus_name=bus.event_bus_name,
            event_pattern={"source": [{"prefix": ""}]},
            targets=[events.CfnRule.TargetProperty(id="log", arn=_target_arn(self, group))],
        )
        logs.CfnResourcePolicy(
            self,
            "Policy",
            policy_name=f"darkroom-{options.stage}-events",
            policy_document=Stack.of(self).to_json_string(_may_write(group, rule)),
        )


def _target_arn(scope: Construct, group: logs.LogGroup) -> str:
    """Without the `:*` that a log group's own ARN ends with."""
    return Stack.of(scope).format_arn(
        service="logs",
        resource="log-group",
        resource_name=group.log_group_name,
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )


def _may_write(group: logs.LogGroup, rule: events.CfnRule) -> dict[str, object]:
    of_this_group = {
        "Effect": "Allow",
        "Principal": {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]},
        "Resource": group.log_group_arn,
    }
    of_this_rule = {"Condition": {"ArnEquals": {"aws:SourceArn": rule.attr_arn}}}
    return {
        "Version": "2012-10-17",
        "Statement": [
            # A stream is made before there is an event, and so for no rule.
            {**of_this_group, "Action": "logs:CreateLogStream"},
            {**of_this_group, **of_this_rule, "Action": "logs:PutLogEvents"},
        ],
    }
