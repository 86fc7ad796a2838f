from __future__ import annotations

from pathlib import Path

import pytest
from aws_cdk import aws_s3 as s3
from cfnlint.api import ManualArgs, lint

from infra.app import ROOT, build


def test_cfn_lint_has_nothing_to_say(template, local_template):
    for each in (template, local_template):
        # W3005: CDK names dependencies that a reference implies already.
        options = ManualArgs(regions=["us-east-1"], ignore_checks=["W3005"])
        matches = lint(each.file.read_text("utf-8"), config=options)
        assert [str(match) for match in matches] == []


def test_cdk_nag_has_no_open_finding(template, local_template):
    # Synthesis would have raised: see the next test.
    assert template.file.is_file()
    assert local_template.file.is_file()


def test_a_finding_of_cdk_nag_stops_the_synthesis(tmp_path):
    app = build({"bundle": "code", "stage": "test"}, str(tmp_path))
    s3.Bucket(app.node.find_child("darkroom-test"), "Careless")
    with pytest.raises(RuntimeError, match="AwsSolutions-S10"):
        app.synth()


def test_the_same_inputs_give_the_same_template(make_template, local_template):
    again = make_template(stage="local", observability=0)
    assert again.body == local_template.body


def test_the_template_says_nothing_about_the_machine_that_made_it(template):
    assert str(Path.home()) not in template.file.read_text("utf-8")
    assert str(ROOT) not in template.file.read_text("utf-8")
