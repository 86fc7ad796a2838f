from __future__ import annotations

import json
from pathlib import Path

import pytest
from aws_cdk import aws_s3 as s3
from cfnlint.api import ManualArgs, lint

from infra.app import ROOT, build
from tests.infra.reading import umask

# Each with its reason beside the construct that needs it.
ACCEPTED = {
    "AwsSolutions-APIG4",
    "AwsSolutions-DDB3",
    "AwsSolutions-IAM5[Resource::*]",
    "AwsSolutions-IAM5[Resource::<Images2D38C313.Arn>/*]",
    "AwsSolutions-IAM5[Resource::<Images2D38C313.Arn>/uploads/*]",
    "AwsSolutions-IAM5[Resource::<JobsDF1CC2D4.Arn>/stream/*]",
    "AwsSolutions-L1",
    "AwsSolutions-S1",
    "AwsSolutions-SMG4",
    "AwsSolutions-SQS3",
}


def accepted(template):
    """The rules to which an exception was made, each with its reason."""
    [metadata] = template.assembly.glob("*.metadata.json")
    for entries in json.loads(metadata.read_text("utf-8")).values():
        for entry in entries:
            if entry["type"] == "aws:cdk:acknowledged-rules":
                for rule, reason in entry["data"].items():
                    yield rule.removeprefix("Annotation::"), reason


def test_cfn_lint_has_nothing_to_say(template, local_template):
    for each in (template, local_template):
        options = ManualArgs(regions=["us-east-1"])
        matches = lint(each.file.read_text("utf-8"), config=options)
        assert [str(match) for match in matches] == []


def test_cdk_nag_has_no_finding_but_those_that_have_a_reason(template, local_template):
    # An open one would have stopped the synthesis: see the next test.
    for each in (template, local_template):
        assert {rule for rule, _ in accepted(each)} == ACCEPTED
        assert all(len(reason.split()) > 5 for _, reason in accepted(each))


def test_a_finding_of_cdk_nag_stops_the_synthesis(tmp_path):
    app = build({"bundle": "code", "stage": "test"}, str(tmp_path))
    s3.Bucket(app.node.find_child("darkroom-test"), "Careless")
    with pytest.raises(RuntimeError, match="AwsSolutions-S10"):
        app.synth()


def test_the_same_inputs_give_the_same_template_whatever_the_umask(make_template):
    once = make_template(stage="local")
    with umask(0o077):
        again = make_template(stage="local")
    assert once.body == again.body
    # The command line packs files with the modes that they have here.
    files = [path for path in again.assembly.glob("asset.*/**/*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o644}


def test_the_template_says_nothing_about_the_machine_that_made_it(template):
    assert str(Path.home()) not in template.file.read_text("utf-8")
    assert str(ROOT) not in template.file.read_text("utf-8")
