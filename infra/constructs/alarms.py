"""Alarms for what a person must look at. The same figures, and more, are on the dashboard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.options import Options

RUNBOOKS = "docs/operations.md"
# Of the month's budget, what is spent, and what will be if it goes on like that.
SPENT_PERCENT = 80
FORECAST_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    name: str
    metric: cloudwatch.IMetric
    at_least: float
    meaning: str
    # The heading in docs/operations.md; without, the alarm's own name.
    runbook: str = ""
    # Of a function: the alarm of another version is another alarm, in a state of its own.
    version: str = ""
    # Nothing is what is wrong: no figure at all, or one below `at_least`.
    silence: bool = False


class Alarms(Construct):
    """They tell the address if there is one; without it they are there to be looked at."""

    def __init__(
        self, scope: Construct, name: str, *, options: Options, rows: Iterable[AlarmRow]
    ) -> None:
        super().__init__(scope, name)
        topic = _topic(self, options.alarm_email) if options.alarm_email else None
        self.each = {row.name: make_alarm(self, row, options.stage) for row in rows}
        if topic:
            for alarm in self.each.values():
                alarm.add_alarm_action(actions.SnsAction(topic))
                alarm.add_ok_action(actions.SnsAction(topic))
        # Sends nothing: each alarm that it is made of has said so already.
        cloudwatch.CompositeAlarm(
            self,
            "unwell",
            composite_alarm_name=f"darkroom-{options.stage}-unwell",
            alarm_description=_described("Darkroom is unwell: an alarm of it is on.", "unwell"),
            alarm_rule=cloudwatch.AlarmRule.any_of(*self.each.values()),
        )
        if options.alarm_email and options.monthly_budget:
            _budget(self, options.stage, options.monthly_budget, options.alarm_email)


def make_alarm(scope: Construct, row: AlarmRow, stage: str) -> cloudwatch.Alarm:
    comparison, missing = cloudwatch.ComparisonOperator, cloudwatch.TreatMissingData
    of_version = f"-{row.version}" if row.version else ""
    return cloudwatch.Alarm(
        scope,
        row.name,
        alarm_name=f"darkroom-{stage}-{row.name}{of_version}",
        alarm_description=_described(row.meaning, row.runbook or row.name),
        metric=row.metric,
        threshold=row.at_least,
        evaluation_periods=1,
        comparison_operator=(
            comparison.LESS_THAN_THRESHOLD
            if row.silence
            else comparison.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        ),
        # A system without requests sends no figures, and is well.
        treat_missing_data=missing.BREACHING if row.silence else missing.NOT_BREACHING,
    )


def _described(meaning: str, runbook: str) -> str:
    return f"{meaning} Runbook: {RUNBOOKS}#{runbook}"


def _budget(scope: Construct, stage: str, dollars: int, email: str) -> None:
    """Of the whole account: one by tags shows nothing until its owner has switched tags on."""
    budget = budgets.CfnBudget

    def mail(kind: str, percent: int) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
        return budget.NotificationWithSubscribersProperty(
            notification=budget.NotificationProperty(
                notification_type=kind, comparison_operator="GREATER_THAN", threshold=percent
            ),
            subscribers=[budget.SubscriberProperty(subscription_type="EMAIL", address=email)],
        )

    budget(
        scope,
        "Budget",
        budget=budget.BudgetDataProperty(
            budget_name=f"darkroom-{stage}",
            budget_type="COST",
            time_unit="MONTHLY",
            budget_limit=budget.SpendProperty(amount=dollars, unit="USD"),
        ),
        notifications_with_subscribers=[
            mail("ACTUAL", SPENT_PERCENT),
            mail("FORECASTED", FORECAST_PERCENT),
        ],
    )


def _topic(scope: Construct, email: str) -> sns.Topic:
    topic = sns.Topic(scope, "Topic", enforce_ssl=True)
    topic.add_subscription(subscriptions.EmailSubscription(email))
    # A policy of its own, here the refusal of plain HTTP, takes the place of the one that every
    # topic begins with, by which the account's alarms may publish.
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}},
        )
    )
    return topic
