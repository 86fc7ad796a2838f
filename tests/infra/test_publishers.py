"""Each service of AWS that publishes, sends or calls is allowed to by its target's own policy.

A role's policy is enough within an account (tests/infra/test_roles.py); a service has no role.
"""

from __future__ import annotations

import json

from tests.infra.reading import in_words, listed

EVENTS, CLOUDWATCH, GATEWAY = (
    "events.amazonaws.com",
    "cloudwatch.amazonaws.com",
    "apigateway.amazonaws.com",
)
ACCOUNT = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def of(template, kind, target):
    """The statements of the policies of that type that are attached to the resource."""
    for policy in template.all(kind).values():
        if {"Ref": target} in policy.get("Topics", policy.get("Queues", [])):
            yield from policy["PolicyDocument"]["Statement"]


def allowed(statements, service, action):
    """The conditions under which the service may do it."""
    return [
        statement.get("Condition")
        for statement in statements
        if statement["Effect"] == "Allow"
        and statement["Principal"] == {"Service": service}
        and action in listed(statement["Action"])
    ]


def attribute(value):
    """The logical id in a reference to a resource."""
    [target] = value.values()
    return listed(target)[0]


def rules(template):
    for name, rule in template.all("AWS::Events::Rule").items():
        for target in rule["Targets"]:
            yield name, target


def test_every_alarm_may_publish_to_its_topic_and_alarms_of_other_accounts_may_not(template):
    topics = {
        attribute(action)
        for alarm in template.all("AWS::CloudWatch::Alarm").values()
        for action in (*alarm["AlarmActions"], *alarm["OKActions"])
    }
    assert len(topics) == 1
    for topic in topics:
        statements = list(of(template, "AWS::SNS::TopicPolicy", topic))
        assert allowed(statements, CLOUDWATCH, "sns:Publish") == [ACCOUNT]
        # Plain HTTP stays refused.
        assert any(statement["Effect"] == "Deny" for statement in statements)


def test_every_rule_may_send_to_its_queue_and_to_its_dead_letters(template):
    queues = template.all("AWS::SQS::Queue")
    sent = {
        (rule, attribute(arn))
        for rule, target in rules(template)
        for arn in (target["Arn"], target.get("DeadLetterConfig", {}).get("Arn"))
        if arn and attribute(arn) in queues
    }
    assert len(sent) == 2
    for rule, queue in sent:
        may = allowed(of(template, "AWS::SQS::QueuePolicy", queue), EVENTS, "sqs:SendMessage")
        own = {"Fn::GetAtt": [rule, "Arn"]}
        assert [next(iter(one.values()))["aws:SourceArn"] for one in may] == [own]


def test_rules_and_the_api_may_call_their_functions(template):
    functions = template.all("AWS::Lambda::Function")
    may = {
        (one["Principal"], attribute(one["FunctionName"]), json.dumps(one["SourceArn"]))
        for one in template.all("AWS::Lambda::Permission").values()
    }
    called = [
        (EVENTS, attribute(target["Arn"]), json.dumps({"Fn::GetAtt": [rule, "Arn"]}))
        for rule, target in rules(template)
        if isinstance(target["Arn"], dict) and attribute(target["Arn"]) in functions
    ]
    assert len(called) == 1
    assert set(called) <= may
    integrated = {
        attribute(one["IntegrationUri"])
        for one in template.all("AWS::ApiGatewayV2::Integration").values()
    }
    assert len(integrated) == 2
    assert integrated == {function for service, function, _ in may if service == GATEWAY}


def test_the_rule_of_the_event_log_may_write_to_its_group(template):
    [policy] = template.all("AWS::Logs::ResourcePolicy").values()
    document = json.loads(in_words(policy["PolicyDocument"]))
    may = {statement["Action"] for statement in document["Statement"]}
    assert may == {"logs:CreateLogStream", "logs:PutLogEvents"}
    for statement in document["Statement"]:
        assert EVENTS in statement["Principal"]["Service"]
