"""Every provider that a deployment can name, alone and with all the others."""

from __future__ import annotations

import json
import tomllib

import pytest

from infra.bundling import SOURCE
from infra.provider_rows import provider_names
from tests.infra.reading import in_words, listed

CATALOGUE = tomllib.loads((SOURCE / "darkroom" / "catalogue.toml").read_text("utf-8"))
BEDROCK_MODELS = {
    route["model"]
    for model in CATALOGUE["models"].values()
    for route in model.get("routes", ())
    if route["provider"] == "bedrock"
}


def may_invoke(template) -> set[str]:
    """What the worker may ask Bedrock for; no other role may ask it for anything."""
    resources = set()
    for name, policy in template.all("AWS::IAM::Policy").items():
        for statement in policy["PolicyDocument"]["Statement"]:
            if "bedrock:InvokeModel" in listed(statement["Action"]):
                assert name.startswith("worker")
                resources |= {in_words(one) for one in listed(statement["Resource"])}
    return resources


@pytest.mark.slow
@pytest.mark.parametrize("name", provider_names())
def test_each_provider_alone_can_be_synthesized(make_template, name):
    template = make_template(providers=name, observability=0)
    assert template.body["Outputs"]["Providers"]["Value"] == f"painter,{name}"
    assert bool(may_invoke(template)) == (name == "bedrock")


def test_all_providers_together_can_be_synthesized(make_template):
    template = make_template(providers=",".join(provider_names()), observability=0)
    named = template.body["Outputs"]["Providers"]["Value"].split(",")
    assert named == ["painter", *provider_names()]
    keys = json.dumps(template.all("AWS::IAM::Policy"))
    assert [name for name in provider_names() if f"darkroom/dev/{name}-??????" not in keys] == [
        "bedrock"
    ]


def test_bedrock_is_asked_for_the_catalogues_models_in_the_deployments_own_region(make_template):
    resources = may_invoke(make_template(providers="bedrock", observability=0))
    wanted = "arn:AWS::Partition:bedrock:AWS::Region::foundation-model/"
    assert resources == {wanted + model for model in BEDROCK_MODELS}
    assert len(BEDROCK_MODELS) == 3
