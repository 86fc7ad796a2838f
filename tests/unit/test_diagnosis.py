"""What the doctor makes of AWS's answers that no local system gives."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from darkroom.admin.diagnosis import checks
from darkroom.admin.diagnosis.alarms import check_alarms
from darkroom.admin.diagnosis.finding import Health
from darkroom.admin.diagnosis.limits import check_concurrency
from darkroom.admin.diagnosis.queues import check_queues
from darkroom.admin.diagnosis.system import check_clock, check_stack, check_version
from tests.fakes.deployment import FakeAws

TOPIC = "arn:aws:sns:eu-west-1:1:alarms"


def one(check, aws):
    [finding] = check(aws)
    return finding.health, finding.text


@pytest.mark.parametrize(
    ("state", "health"),
    [
        ("CREATE_COMPLETE", Health.GOOD),
        ("UPDATE_ROLLBACK_COMPLETE", Health.BAD),
        ("UPDATE_IN_PROGRESS", Health.BAD),
    ],
)
def test_a_stack_is_well_once_its_last_change_is_done(state, health):
    aws = FakeAws()
    aws.description = {"StackStatus": state}
    assert one(check_stack, aws) == (health, f"darkroom-prod, {state}")


def test_another_version_is_bad():
    aws = FakeAws()
    assert one(check_version, aws)[0] is Health.NOT_CHECKED
    aws.outputs["Version"] = "0.0.1"
    assert one(check_version, aws)[1].startswith("0.0.1 is deployed")


@pytest.mark.parametrize(
    ("date", "health"),
    [
        ("Sun, 29 Nov 2026 12:00:00 GMT", Health.GOOD),
        ("Sun, 29 Nov 2026 11:59:50 GMT", Health.BAD),
        ("Sun, 29 Nov 2026 12:00:10 GMT", Health.BAD),
        (None, Health.NOT_CHECKED),
    ],
)
def test_the_clock_is_held_against_the_date_of_an_answer(date, health):
    headers = {"date": date} if date else {}
    aws = FakeAws(get_caller_identity={"ResponseMetadata": {"HTTPHeaders": headers}})
    assert one(check_clock, aws)[0] is health


def queue(waiting, *points):
    attributes = {
        "RedrivePolicy": "{}",
        "ApproximateNumberOfMessages": str(waiting),
        "ApproximateNumberOfMessagesNotVisible": "2",
    }
    datapoints = [{"Timestamp": at, "Maximum": age} for at, age in points]
    aws = FakeAws(
        get_queue_attributes={"Attributes": attributes},
        get_metric_statistics={"Datapoints": datapoints},
    )
    aws.ids = {"AWS::SQS::Queue": {"ImagesQueue12345678": "https://sqs/1/images"}}
    return one(check_queues, aws)


def test_a_queue_is_bad_when_its_oldest_message_has_waited_too_long():
    assert queue(0) == (Health.GOOD, "0 waiting, 2 in work")
    assert queue(7)[0] is Health.NOT_CHECKED
    assert queue(7, (1, 900.0), (2, 30.0)) == (
        Health.GOOD,
        "7 waiting, 2 in work, the oldest for 30 s",
    )
    assert queue(7, (1, 30.0), (2, 601.0))[0] is Health.BAD


@pytest.mark.parametrize(("quota", "health"), [(122, Health.GOOD), (121, Health.BAD)])
def test_the_quota_has_to_carry_what_the_stack_says_that_it_needs(quota, health):
    aws = FakeAws(get_account_settings={"AccountLimit": {"ConcurrentExecutions": quota}})
    assert one(check_concurrency, aws)[0] is Health.NOT_CHECKED  # of an older version
    aws.outputs["ConcurrencyNeeded"] = "122"
    text = f"the stack needs 122, of a quota of {quota} for all of the account"
    assert one(check_concurrency, aws) == (health, text)


def alarm(name="sweeper-stopped", state="OK", actions=(TOPIC,), stack="darkroom-prod"):
    return {
        "AlarmName": f"{stack}-{name}",
        "StateValue": state,
        "AlarmActions": list(actions),
    }


CONFIRMED = f"{TOPIC}:1"


def alarms(*rows, subscription=CONFIRMED):
    """Of the account, in which another stack's name begins as this one's does."""
    aws = FakeAws(
        describe_alarms={"MetricAlarms": list(rows)},
        list_subscriptions_by_topic={
            "Subscriptions": [{"SubscriptionArn": subscription}] if subscription else []
        },
    )
    names = [row["AlarmName"] for row in rows if "-eu-" not in row["AlarmName"]]
    aws.ids = {"AWS::CloudWatch::Alarm": {name: name for name in names}}
    return [finding.health for finding in check_alarms(aws)]


def test_alarms_are_well_when_none_is_on_and_their_topic_has_a_confirmed_subscriber():
    assert alarms(alarm()) == [Health.GOOD, Health.GOOD]
    assert alarms(alarm(state="ALARM")) == [Health.BAD, Health.GOOD]
    assert alarms(alarm(), subscription="PendingConfirmation") == [Health.GOOD, Health.BAD]
    assert alarms(alarm(), subscription=None) == [Health.GOOD, Health.BAD]
    assert alarms(alarm(actions=())) == [Health.GOOD, Health.BAD]
    assert alarms() == [Health.BAD]


def test_alarms_that_roll_deployments_back_have_no_subscriber_and_say_nothing_of_today():
    canary = alarm("canary-server-errors", state="ALARM", actions=())
    assert alarms(alarm(), canary) == [Health.GOOD, Health.GOOD]
    assert alarms(canary) == [Health.BAD]


def test_alarms_of_a_stack_whose_name_is_longer_are_not_of_this_one():
    other = alarm(state="ALARM", actions=(), stack="darkroom-prod-eu")
    assert alarms(alarm(), other) == [Health.GOOD, Health.GOOD]
    assert alarms(other) == [Health.BAD]


def test_what_cannot_be_looked_at_is_bad_and_the_others_are_looked_at(monkeypatch):
    def denied(_):
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetQueue")

    monkeypatch.setattr(checks, "CHECKS", {"queues": denied, "stack": check_stack})
    queues, stack = checks.findings(FakeAws())
    assert (queues.subject, queues.health, stack.health) == ("queues", Health.BAD, Health.GOOD)
    assert "AccessDenied" in queues.text
