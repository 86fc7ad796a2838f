"""Each template is synthesized once for all tests, by the same command that deploys."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from infra.app import synthesize
from infra.node import use_packaged_node
from tests.infra.reading import in_words

# Test modules import CDK themselves, and CDK starts Node when it is first imported.
use_packaged_node(os.environ)


class Template:
    """A synthesized template, to be asked for its resources."""

    def __init__(self, assembly: Path) -> None:
        [self.file] = assembly.glob("*.template.json")
        self.assembly = assembly
        self.body: dict[str, Any] = json.loads(self.file.read_text("utf-8"))

    def all(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of each resource of that type, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.body["Resources"].items()
            if resource["Type"] == kind
        }

    def only(self, kind: str) -> dict[str, Any]:
        [properties] = self.all(kind).values()
        return properties

    def table(self, name: str) -> dict[str, Any]:
        properties: dict[str, Any] = self.resource("AWS::DynamoDB::Table", name)["Properties"]
        return properties

    def resource(self, kind: str, name: str = "") -> dict[str, Any]:
        """The one resource of that type, and of that name, with what surrounds its properties."""
        [found] = [
            one
            for key, one in self.body["Resources"].items()
            if one["Type"] == kind and name in ("", key[:-8])
        ]
        return found

    def mappings(self) -> dict[tuple[str, str], dict[str, Any]]:
        """What each function is fed from, by the name of its row and of that."""
        names = {
            function: one["Handler"].split(".")[-2]
            for function, one in self.all("AWS::Lambda::Function").items()
        }
        found = self.all("AWS::Lambda::EventSourceMapping").values()
        return {
            (names[one["FunctionName"]["Ref"]], in_words(one["EventSourceArn"])): one
            for one in found
        }

    def functions(self) -> dict[str, dict[str, Any]]:
        """The properties of each Lambda, by the name of its row."""
        return {
            one["Handler"].split(".")[-2]: one for one in self.all("AWS::Lambda::Function").values()
        }


@pytest.fixture(scope="session")
def make_template(tmp_path_factory):
    def make(**context: object) -> Template:
        output = tmp_path_factory.mktemp("assembly")
        return Template(synthesize({"bundle": "code", **context}, str(output)))

    return make


@pytest.fixture(scope="session")
def template(make_template) -> Template:
    """As it is deployed to AWS, with everything on."""
    return make_template(
        stage="prod",
        bundle="aws",
        alarm_email="owner@example.com",
        cors_origins="https://studio.example.com",
        reserved_concurrency=40,
        api_reserved_concurrency=30,
        event_archive_days=30,
        event_log=1,
    )


@pytest.fixture(scope="session")
def edge_template(make_template) -> Template:
    """With what stands before and around the functions, too."""
    return make_template(
        domain="images.example.com",
        hosted_zone="Z0123456789ABC",
        cdn=1,
        cdn_certificate_arn="arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d",
        waf=1,
        canary=1,
        snapstart=1,
        media_days=30,
        providers="bedrock,openai",
        alarm_email="owner@example.com",
        monthly_budget=100,
    )


@pytest.fixture(scope="session")
def local_template(make_template) -> Template:
    """As it is deployed to the local AWS, by default values otherwise."""
    return make_template(stage="local", observability=0)
