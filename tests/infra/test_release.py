"""Published versions behind an alias: canaries, and snapshots."""

from __future__ import annotations

import json

import pytest

from infra.bundling import PYTHON
from tests.infra.reading import in_words, listed

CANARIES = {"submit", "status", "worker"}
SNAPSHOTS = {"submit", "status"}


@pytest.fixture(scope="module")
def canary(make_template):
    return make_template(canary=1, snapstart=1)


@pytest.fixture(scope="module")
def snapstart(make_template):
    return make_template(snapstart=1, observability=0)


def aliases(template):
    """By the name of the function's row, with the logical id and all that surrounds it."""
    names = {
        key: one["Handler"].split(".")[-2]
        for key, one in template.all("AWS::Lambda::Function").items()
    }
    return {
        names[one["Properties"]["FunctionName"]["Ref"]]: (key, one)
        for key, one in template.body["Resources"].items()
        if one["Type"] == "AWS::Lambda::Alias"
    }


def target(template, uri):
    """The row's name of what a reference leads to, and whether by its alias."""
    [reference] = uri.values()
    by_alias = {key: name for name, (key, _) in aliases(template).items()}
    found = listed(reference)[0]
    if found in by_alias:
        return by_alias[found], True
    return template.body["Resources"][found]["Properties"]["Handler"].split(".")[-2], False


def test_api_functions_and_the_worker_have_an_alias_of_their_published_version(canary):
    assert aliases(canary).keys() == CANARIES
    versions = canary.all("AWS::Lambda::Version")
    for _, alias in aliases(canary).values():
        properties = alias["Properties"]
        assert properties["Name"] == "live"
        version = versions[properties["FunctionVersion"]["Fn::GetAtt"][0]]
        assert version["FunctionName"] == properties["FunctionName"]


def test_every_event_comes_by_the_alias(canary):
    integrations = canary.all("AWS::ApiGatewayV2::Integration").values()
    assert {target(canary, one["IntegrationUri"]) for one in integrations} == {
        ("submit", True),
        ("status", True),
    }
    fed = {
        (in_words(one["EventSourceArn"]), *target(canary, one["FunctionName"]))
        for one in canary.all("AWS::Lambda::EventSourceMapping").values()
    }
    assert {("ImagesToMakeQueue", "worker", True), ("ImagesBacklogQueue", "worker", True)} <= fed
    assert {row for _, row, by_alias in fed if not by_alias} == {"relay", "webhook", "intake"}
    # The gateway may call the alias, and not only the function.
    may = {
        target(canary, one["FunctionName"])
        for one in canary.all("AWS::Lambda::Permission").values()
        if one["Principal"] == "apigateway.amazonaws.com"
    }
    assert may == {("submit", True), ("status", True)}


def test_requests_go_to_an_alias_once_the_gateway_may_call_it(canary):
    resources = canary.body["Resources"]
    waited_for = {
        name
        for one in resources.values()
        if one["Type"] == "AWS::ApiGatewayV2::Integration"
        for name in one["DependsOn"]
    }
    assert waited_for == {
        name
        for name, one in canary.all("AWS::Lambda::Permission").items()
        if one["Principal"] == "apigateway.amazonaws.com"
    }


def test_each_waits_for_its_own_permissions_whatever_the_stage_is_called(make_template):
    template = make_template(stage="status", observability=0)
    permissions = template.all("AWS::Lambda::Permission")
    for one in template.body["Resources"].values():
        if one["Type"] == "AWS::ApiGatewayV2::Integration":
            asked = {in_words(permissions[name]["FunctionName"]) for name in one["DependsOn"]}
            assert asked == {in_words(one["Properties"]["IntegrationUri"])}


def test_a_mapping_stays_the_same_resource_so_that_no_second_one_takes_from_the_queue(
    canary, local_template
):
    kind = "AWS::Lambda::EventSourceMapping"
    assert canary.all(kind).keys() == local_template.all(kind).keys()


def test_a_new_version_gets_a_tenth_and_is_rolled_back_by_its_alarms(canary):
    groups = canary.all("AWS::CodeDeploy::DeploymentGroup")
    for name, (_, alias) in aliases(canary).items():
        update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        key = update["DeploymentGroupName"]["Ref"]
        assert key in alias["DependsOn"]
        group = groups[key]
        assert group["ApplicationName"] == update["ApplicationName"]
        assert group["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
        rollback = group["AutoRollbackConfiguration"]
        assert rollback["Enabled"] is True
        assert "DEPLOYMENT_STOP_ON_ALARM" in rollback["Events"]
        assert group["AlarmConfiguration"]["Enabled"] is True
        kinds = ["errors"] if name == "worker" else ["errors", "server-errors"]
        version = alias["Properties"]["FunctionVersion"]
        assert [one["AlarmName"] for one in watched(canary, group)] == [
            {"Fn::Join": ["", [f"darkroom-dev-canary-{name}-{kind}-", version]]} for kind in kinds
        ]


def watched(template, group):
    """The alarms that a deployment group looks at."""
    resources = template.body["Resources"]
    alarms = group["AlarmConfiguration"]["Alarms"]
    return [resources[one["Name"]["Ref"]]["Properties"] for one in alarms]


def test_an_incident_of_the_version_before_does_not_stop_the_one_that_mends_it(canary):
    """Each alarm is of the new version alone, and no alarm of before in its last state."""
    groups = canary.all("AWS::CodeDeploy::DeploymentGroup")
    for _, alias in aliases(canary).values():
        update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        version = alias["Properties"]["FunctionVersion"]
        for alarm in watched(canary, groups[update["DeploymentGroupName"]["Ref"]]):
            assert version in [one["Value"] for one in alarm["Dimensions"]]
            assert version in alarm["AlarmName"]["Fn::Join"][1]


def test_5xx_answers_are_counted_by_version_from_the_line_of_a_request(canary):
    """tests/integration/test_request_lines.py has that line."""
    filters = {
        in_words(one["LogGroupName"]): one
        for one in canary.all("AWS::Logs::MetricFilter").values()
        if one["MetricTransformations"][0]["MetricName"] == "server_errors"
    }
    alarms = [
        one
        for one in canary.all("AWS::CloudWatch::Alarm").values()
        if one.get("MetricName") == "server_errors"
    ]
    assert filters.keys() == {"submitlogs", "statuslogs"}
    assert len(alarms) == 2
    for one in filters.values():
        assert one["FilterPattern"] == '{ $.message = "request" && $.status >= 500 }'
        [counted] = one["MetricTransformations"]
        names = {dimension["Key"]: dimension["Value"] for dimension in counted["Dimensions"]}
        assert names == {"service": "$.service", "version": "$.version"}
        for alarm in alarms:
            assert alarm["Namespace"] == counted["MetricNamespace"]
            assert {dimension["Name"] for dimension in alarm["Dimensions"]} == names.keys()


def test_codedeploy_may_move_these_aliases_and_nothing_else(canary):
    [role] = {
        key
        for key, one in canary.all("AWS::IAM::Role").items()
        if "codedeploy.amazonaws.com" in json.dumps(one["AssumeRolePolicyDocument"])
    }
    assert "ManagedPolicyArns" not in canary.all("AWS::IAM::Role")[role]
    [policy] = [
        one for one in canary.all("AWS::IAM::Policy").values() if {"Ref": role} in one["Roles"]
    ]
    may = {}
    for statement in policy["PolicyDocument"]["Statement"]:
        for resource in listed(statement["Resource"]):
            may.setdefault(in_words(resource), set()).update(listed(statement["Action"]))
    aliased = {
        "lambda:GetAlias",
        "lambda:UpdateAlias",
        "lambda:GetProvisionedConcurrencyConfig",
    }
    alarms = {name for name in may if name.startswith("Canaries")}
    assert {name: may[name] for name in may.keys() - alarms} == {
        name: aliased for row in CANARIES for name in (row, f"{row}:live")
    }
    assert {action for name in alarms for action in may[name]} == {"cloudwatch:DescribeAlarms"}


def test_snapshots_are_of_the_functions_that_clients_wait_for(canary, snapstart):
    for template in (canary, snapstart):
        taken = {
            name: one["SnapStart"]
            for name, one in template.functions().items()
            if "SnapStart" in one
        }
        assert taken == {name: {"ApplyOn": "PublishedVersions"} for name in SNAPSHOTS}
    # Python has them from 3.12 on; the bundles' own version is what the functions run on.
    assert tuple(map(int, PYTHON.split("."))) >= (3, 12)
    assert aliases(snapstart).keys() == SNAPSHOTS
    assert snapstart.all("AWS::CodeDeploy::DeploymentGroup") == {}


def test_both_are_off_unless_asked_for(template):
    for kind in ("AWS::Lambda::Alias", "AWS::Lambda::Version", "AWS::CodeDeploy::Application"):
        assert template.all(kind) == {}
