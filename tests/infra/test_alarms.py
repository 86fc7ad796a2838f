from __future__ import annotations

import pytest

FUNCTIONS = ("submit", "status", "worker", "sweeper", "relay", "webhook", "intake")
# Queues in which nothing should ever lie.
LEFT_OVERS = {
    "dead-letters": "ImagesToMakeDeadLetters",
    "webhooks-dead-letters": "WebhooksDeadLetters",
    "intake-dead-letters": "IntakeDeadLetters",
    "intake-undelivered": "SubmissionsUndelivered",
    "set-aside": "SetAside",
}
ALARMS = {
    *LEFT_OVERS,
    "relay-late",
    "intake-rule-failures",
    "oldest-image",
    "oldest-backlog-image",
    "api-server-errors",
    "submit-slow",
    "repair-too-late",
    "repair-dead-letter",
    "repair-fault",
    *(f"{name}-errors" for name in FUNCTIONS),
    *(f"{name}-throttles" for name in FUNCTIONS),
}


def alarms(template):
    found = template.all("AWS::CloudWatch::Alarm").values()
    return {alarm["AlarmName"].removeprefix("darkroom-prod-"): alarm for alarm in found}


def test_there_is_an_alarm_for_each_function_and_for_all_that_can_get_stuck(template):
    assert alarms(template).keys() == ALARMS


def test_each_alarm_says_what_it_means_and_is_quiet_when_nobody_uses_the_system(template):
    for alarm in alarms(template).values():
        assert alarm["AlarmDescription"].endswith(".")
        assert alarm["TreatMissingData"] == "notBreaching"


@pytest.mark.parametrize(("name", "queue"), LEFT_OVERS.items())
def test_one_message_is_enough_where_none_should_lie(template, name, queue):
    alarm = alarms(template)[name]
    assert alarm["Threshold"] == 1
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    [dimension] = alarm["Dimensions"]
    assert dimension["Value"]["Fn::GetAtt"][0].startswith(queue)


def test_every_queue_that_nothing_reads_has_such_an_alarm(template):
    read = {one["EventSourceArn"]["Fn::GetAtt"][0] for one in template.mappings().values()}
    unread = template.all("AWS::SQS::Queue").keys() - read
    named = {
        alarms(template)[name]["Dimensions"][0]["Value"]["Fn::GetAtt"][0] for name in LEFT_OVERS
    }
    assert named == unread


def test_a_relay_that_stands_is_noticed_within_minutes(template):
    alarm = alarms(template)["relay-late"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "IteratorAge")
    assert alarm["Threshold"] == 5 * 60 * 1000


def test_a_request_that_a_rule_lost_is_looked_for_under_the_rules_own_name(template):
    alarm = alarms(template)["intake-rule-failures"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Events", "FailedInvocations")
    values = {one["Name"]: one["Value"] for one in alarm["Dimensions"]}
    [rule] = [one for one in template.all("AWS::Events::Rule").values() if "Name" in one]
    assert values == {"EventBusName": rule["EventBusName"], "RuleName": rule["Name"]}


def test_one_crash_and_its_retry_are_no_alarm_however_long_a_worker_may_take(make_template):
    for timeout in (60, 240):
        made = make_template(stage="prod", worker_timeout=timeout)
        hidden = max(
            one["VisibilityTimeout"]
            for one in made.all("AWS::SQS::Queue").values()
            if "VisibilityTimeout" in one
        )
        assert alarms(made)["oldest-image"]["Threshold"] > hidden


def test_waiting_for_images_is_not_slow_but_being_cut_off_is(template):
    alarm = alarms(template)["submit-slow"]
    timeout_milliseconds = template.functions()["submit"]["Timeout"] * 1000
    assert 25_000 < alarm["Threshold"] < timeout_milliseconds
    assert alarm["ExtendedStatistic"] == "p99"


def test_alarms_write_to_the_address_that_was_given(template):
    subscription = template.only("AWS::SNS::Subscription")
    assert subscription["Endpoint"] == "owner@example.com"
    [topic] = template.all("AWS::SNS::Topic")
    assert all(alarm["AlarmActions"] == [{"Ref": topic}] for alarm in alarms(template).values())


def test_without_an_address_alarms_stand_there_to_be_looked_at(make_template):
    quiet = make_template(stage="prod")
    assert alarms(quiet).keys() == ALARMS
    assert not any("AlarmActions" in alarm for alarm in alarms(quiet).values())
    assert not quiet.all("AWS::SNS::Topic")


def test_observability_can_be_left_out(local_template):
    assert not local_template.all("AWS::CloudWatch::Alarm")
    assert not local_template.all("AWS::CloudWatch::Dashboard")


def test_the_dashboard_shows_every_function_and_every_queue(template):
    body = str(template.only("AWS::CloudWatch::Dashboard")["DashboardBody"])
    shown = template.all("AWS::Lambda::Function") | template.all("AWS::SQS::Queue")
    assert [name for name in shown if name not in body] == []
