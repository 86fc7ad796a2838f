from __future__ import annotations

import json
import tomllib

import pytest

from infra.app import ROOT
from infra.options import Options


@pytest.fixture(scope="module")
def samconfig():
    return tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))


@pytest.mark.parametrize(("environment", "stage"), [("default", "dev"), ("prod", "prod")])
def test_samconfig_points_at_the_template_that_is_synthesized(
    samconfig, make_template, environment, stage
):
    written = f"cdk.out/{make_template(stage=stage).file.name}"
    commands = samconfig[environment]
    assert commands["validate"]["parameters"]["template_file"] == written
    assert commands["local_invoke"]["parameters"]["template_file"] == written
    assert commands["deploy"]["parameters"]["template_file"] == written
    assert commands["global"]["parameters"]["stack_name"] == f"darkroom-{stage}"


def test_samconfig_uses_only_keys_that_sam_knows(samconfig):
    assert samconfig.pop("version") == 0.1
    known = {
        "global": {"stack_name", "region"},
        "validate": {"template_file", "lint"},
        "local_invoke": {"template_file"},
        "deploy": {"template_file", "capabilities", "resolve_s3", "confirm_changeset"},
    }
    for commands in samconfig.values():
        for command, tables in commands.items():
            assert tables.keys() == {"parameters"}
            assert tables["parameters"].keys() <= known[command]


def test_a_deployment_needs_the_capability_that_samconfig_grants(samconfig, template):
    # Roles without names of their own need no more than this.
    assert samconfig["default"]["deploy"]["parameters"]["capabilities"] == "CAPABILITY_IAM"
    assert not [role for role in template.all("AWS::IAM::Role").values() if "RoleName" in role]


def test_the_command_line_runs_the_same_program_and_gives_no_option_of_ours():
    settings = json.loads((ROOT / "cdk.json").read_text("utf-8"))
    assert settings["app"] == "python -m infra.app"
    assert not settings["context"].keys() & set(Options.names())


def test_every_context_key_is_documented():
    text = (ROOT / "docs" / "deploying.md").read_text("utf-8")
    assert [key for key in Options.names() if f"`{key}`" not in text] == []
