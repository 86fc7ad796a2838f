"""The bus, and how requests come in from it."""

from __future__ import annotations

import json


def rules(template):
    """Those of our bus; the sweeper's clock is none of them."""
    return [one for one in template.all("AWS::Events::Rule").values() if "EventBusName" in one]


def submissions(template):
    [rule] = [one for one in rules(template) if "detail-type" in one["EventPattern"]]
    return rule


def allowed(template, queue):
    """Who may do what with a queue, by its policy."""
    [policy] = [
        one
        for one in template.all("AWS::SQS::QueuePolicy").values()
        if one["Queues"] == [{"Ref": queue}]
    ]
    return [one for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Allow"]


def test_each_stage_has_a_bus_of_its_own(template, local_template):
    assert template.only("AWS::Events::EventBus")["Name"] == "darkroom-prod"
    assert local_template.only("AWS::Events::EventBus")["Name"] == "darkroom-local"
    [bus] = template.all("AWS::Events::EventBus")
    assert all(one["EventBusName"] == {"Ref": bus} for one in rules(template))


def test_a_request_as_an_event_goes_to_the_intakes_queue_whoever_sends_it(template):
    rule = submissions(template)
    assert rule["EventPattern"] == {"detail-type": ["SubmitImageJob"]}
    assert rule["State"] == "ENABLED"
    [target] = rule["Targets"]
    assert target["Arn"]["Fn::GetAtt"][0].startswith("IntakeQueue")
    # As it is: the intake knows its id and when it was sent.
    assert target.keys() == {"Arn", "DeadLetterConfig", "Id"}


def test_a_request_that_cannot_be_delivered_is_kept(template):
    [target] = submissions(template)["Targets"]
    assert target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0].startswith("SubmissionsUndelivered")


def test_only_this_rule_may_put_something_into_the_two_queues(template):
    [target] = submissions(template)["Targets"]
    ours = [name for name in template.all("AWS::Events::Rule") if name.startswith("Submissions")]
    for arn in (target["Arn"], target["DeadLetterConfig"]["Arn"]):
        [statement] = allowed(template, arn["Fn::GetAtt"][0])
        assert statement["Principal"] == {"Service": "events.amazonaws.com"}
        source = statement["Condition"]["ArnEquals"]["aws:SourceArn"]
        assert [source["Fn::GetAtt"][0]] == ours
    for queue in template.all("AWS::SQS::Queue"):
        if not queue.startswith(("IntakeQueue", "SubmissionsUndelivered")):
            assert allowed(template, queue) == []


def test_events_are_kept_only_where_it_is_asked_for(template, local_template):
    [bus] = template.all("AWS::Events::EventBus")
    archive = template.only("AWS::Events::Archive")
    assert archive == {"RetentionDays": 30, "SourceArn": {"Fn::GetAtt": [bus, "Arn"]}}
    assert not local_template.all("AWS::Events::Archive")


def test_everything_on_the_bus_is_written_down_only_where_it_is_asked_for(template, local_template):
    [rule] = [one for one in rules(template) if "source" in one["EventPattern"]]
    assert rule["EventPattern"] == {"source": [{"prefix": ""}]}
    [group] = [
        name
        for name, one in template.all("AWS::Logs::LogGroup").items()
        if one["LogGroupName"] == "/aws/events/darkroom-prod"
    ]
    [target] = rule["Targets"]
    assert {"Ref": group} in target["Arn"]["Fn::Join"][1]
    assert len(rules(local_template)) == 1
    assert not local_template.all("AWS::Logs::ResourcePolicy")


def test_only_the_bus_may_write_into_its_log_and_no_function_was_made_for_it(template):
    text = template.only("AWS::Logs::ResourcePolicy")["PolicyDocument"]["Fn::Join"][1]
    written = "".join(part if isinstance(part, str) else json.dumps(part)[1:-1] for part in text)
    assert written.count("BusLogGroup") == 2
    assert written.count("BusLogRule") == 1
    assert "events.amazonaws.com" in written
    assert '"*"' not in written
    assert len(template.all("AWS::Lambda::Function")) == len(template.functions())
