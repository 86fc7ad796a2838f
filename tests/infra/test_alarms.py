from __future__ import annotations

import re

import pytest

from infra.app import ROOT

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
    "sweeper-stopped",
    "images-piling-up",
    "table-throttles",
    "account-concurrency",
    "answers-401",
    "answers-403",
    "answers-429",
    "provider-failures",
    *(f"{name}-errors" for name in FUNCTIONS),
    *(f"{name}-throttles" for name in FUNCTIONS),
}


def alarms(template):
    found = template.all("AWS::CloudWatch::Alarm").values()
    return {alarm["AlarmName"].removeprefix("darkroom-prod-"): alarm for alarm in found}


def test_there_is_an_alarm_for_each_function_and_for_all_that_can_get_stuck(template):
    assert alarms(template).keys() == ALARMS


def test_each_alarm_is_quiet_when_nobody_uses_the_system_but_for_the_one_that_silence_sets_off(
    template,
):
    missing = {name: alarm["TreatMissingData"] for name, alarm in alarms(template).items()}
    assert missing == dict.fromkeys(ALARMS, "notBreaching") | {"sweeper-stopped": "breaching"}


def test_each_alarm_says_what_it_means_and_names_its_runbook(template):
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    headings = set(re.findall(r"^#+ (\S+)$", page, re.MULTILINE))
    [unwell] = template.all("AWS::CloudWatch::CompositeAlarm").values()
    described = [*alarms(template).values(), unwell]
    for alarm in described:
        found = re.fullmatch(
            r"[^#]+\. Runbook: docs/operations\.md#(\S+)", alarm["AlarmDescription"]
        )
        assert found, alarm["AlarmDescription"]
        assert found.group(1) in headings


def test_every_runbook_says_what_it_means_what_to_look_at_and_what_to_do(template):
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    runbooks = page.partition("## Runbooks")[2].partition("\n## ")[0]
    sections = re.split(r"^### ", runbooks, flags=re.MULTILINE)[1:]
    named = {
        alarm["AlarmDescription"].rpartition("#")[2]
        for kind in ("Alarm", "CompositeAlarm")
        for alarm in template.all(f"AWS::CloudWatch::{kind}").values()
    }
    assert {section.splitlines()[0] for section in sections} == named
    for section in sections:
        for part in ("**Means**", "**Look at**", "**Do**"):
            assert part in section, section.splitlines()[0]


def test_a_sweeper_that_does_not_run_is_noticed(template):
    alarm = alarms(template)["sweeper-stopped"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "Invocations")
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
    assert alarm["Period"] == 300


def test_a_minute_of_the_sweeper_that_was_throttled_does_not_come_back_for_hours(template):
    [config] = template.all("AWS::Lambda::EventInvokeConfig").values()
    assert (config["MaximumRetryAttempts"], config["MaximumEventAgeInSeconds"]) == (0, 60)


def test_every_alarm_is_part_of_the_one_that_says_that_darkroom_is_unwell(template):
    [unwell] = template.all("AWS::CloudWatch::CompositeAlarm").values()
    assert unwell["AlarmName"] == "darkroom-prod-unwell"
    parts = set(re.findall(r"'Fn::GetAtt': \['(\w+)', 'Arn'\]", str(unwell["AlarmRule"])))
    assert parts == template.all("AWS::CloudWatch::Alarm").keys()
    # Each of those alarms sends its own mail.
    assert "AlarmActions" not in unwell


def test_images_that_pile_up_are_noticed_before_their_deadline(template):
    alarm = alarms(template)["images-piling-up"]
    assert alarm["Threshold"] < 15 * 60
    [expression] = [one["Expression"] for one in alarm["Metrics"] if "Expression" in one]
    queues = {
        one["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Fn::GetAtt"][0][:-8]
        for one in alarm["Metrics"]
        if "MetricStat" in one
    }
    assert queues == {"ImagesToMakeQueue", "ImagesBacklogQueue"}

    def seconds(waiting, done):
        values = {"waiting0": waiting, "waiting1": 0, "done0": done, "done1": 0}
        in_python = re.sub(r"FILL\((\w+),0\)", r"\1", expression).replace("IF(", "choose(")
        names = {**values, "choose": lambda true, yes, no: yes if true else no}
        return eval(in_python, {"__builtins__": {}}, names)  # noqa: S307 - our own expression

    # 100 in five minutes: 150 take seven and a half, 250 take twelve and a half.
    assert seconds(150, 100) < alarm["Threshold"] < seconds(250, 100)
    assert seconds(0, 0) == 0
    # One that waits while nothing is finished may just have come; three have not.
    assert seconds(1, 0) < alarm["Threshold"] < seconds(3, 0)


def test_throttles_of_the_table_and_of_its_index_are_counted(template):
    stats = [
        one["MetricStat"]["Metric"]
        for one in alarms(template)["table-throttles"]["Metrics"]
        if "MetricStat" in one
    ]
    assert {(one["MetricName"], len(one["Dimensions"])) for one in stats} == {
        ("ReadThrottleEvents", 1),
        ("WriteThrottleEvents", 1),
        ("ReadThrottleEvents", 2),
        ("WriteThrottleEvents", 2),
    }


def test_the_accounts_concurrency_is_held_against_its_own_quota(template, make_template):
    assert alarms(template)["account-concurrency"]["Threshold"] == 800
    small = make_template(stage="prod", size="small", concurrency_quota=10)
    assert alarms(small)["account-concurrency"]["Threshold"] == 8


def test_client_errors_are_counted_by_code_and_provider_failures_by_the_workers_own_line(template):
    filters = {
        one["MetricTransformations"][0]["MetricName"]: one
        for one in template.all("AWS::Logs::MetricFilter").values()
    }
    errors, failures = filters["client_errors"], filters["provider_failures"]
    assert errors["FilterPattern"] == '{ $.status = "4*" }'
    assert errors["MetricTransformations"][0]["Dimensions"] == [
        {"Key": "status", "Value": "$.status"}
    ]
    assert errors["LogGroupName"]["Ref"].startswith("ApiAccessLog")
    # tests/integration/test_why_no_image.py has the line.
    assert failures["FilterPattern"] == '{ $.failure = "provider_failed" }'
    assert failures["LogGroupName"]["Ref"].startswith("workerlogs")
    for name in ("answers-401", "answers-403", "answers-429"):
        alarm = alarms(template)[name]
        transformation = errors["MetricTransformations"][0]
        assert alarm["Namespace"] == transformation["MetricNamespace"]
        assert alarm["MetricName"] == transformation["MetricName"]
        assert alarm["Dimensions"] == [{"Name": "status", "Value": name[-3:]}]


def test_a_budget_writes_to_the_same_address_before_it_is_spent(make_template, template):
    assert not template.all("AWS::Budgets::Budget")
    made = make_template(stage="prod", alarm_email="owner@example.com", monthly_budget=50)
    budget = made.only("AWS::Budgets::Budget")
    assert budget["Budget"]["BudgetLimit"] == {"Amount": 50, "Unit": "USD"}
    mails = budget["NotificationsWithSubscribers"]
    assert [one["Notification"]["NotificationType"] for one in mails] == [
        "ACTUAL",
        "FORECASTED",
    ]
    assert {one["Subscribers"][0]["Address"] for one in mails} == {"owner@example.com"}


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
