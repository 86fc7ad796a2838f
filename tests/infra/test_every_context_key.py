"""The template of each context key alone, and of three useful combinations: it synthesizes, cdk-nag
has no open finding (one stops the synthesis), and cfn-lint has nothing to say.
"""

from __future__ import annotations

import pytest
from cfnlint.api import ManualArgs, lint

from infra.options import Options

pytestmark = pytest.mark.slow

MAIL = {"alarm_email": "owner@example.com"}
JWT = {
    "jwt_issuer": "https://id.example",
    "jwt_audience": "darkroom",
    "jwt_jwks_url": "https://id.example/keys",
}
WRITER = {
    "writer_url": "https://chat.example/v1",
    "writer_model": "m",
    "writer_secret": "arn:aws:secretsmanager:us-east-1:123456789012:secret:writer-AbCdEf",
}
EDGE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d"
ZONE = {"domain": "images.example.com", "hosted_zone": "Z0123456789ABC"}
CERTIFICATE = {
    "domain": "images.example.com",
    "certificate_arn": EDGE,
}
# With what each cannot stand without.
ALONE = {
    "stage": {"stage": "prod"},
    "size": {"size": "large"},
    "log_level": {"log_level": "DEBUG"},
    "log_retention_days": {"log_retention_days": "7"},
    "keep_data": {"keep_data": "0"},
    "versioning": {"versioning": "1"},
    "worker_timeout": {"worker_timeout": "240"},
    "worker_concurrency": {"worker_concurrency": "50"},
    "workspace_share": {"workspace_share": "9"},
    "webhook_concurrency": {"webhook_concurrency": "50"},
    "reserved_concurrency": {"reserved_concurrency": "40"},
    "api_reserved_concurrency": {"api_reserved_concurrency": "30"},
    "waits_per_key": {"waits_per_key": "3"},
    "waits_per_workspace": {"waits_per_workspace": "3"},
    "throttle_rate": {"throttle_rate": "10"},
    "throttle_burst": {"throttle_burst": "10"},
    "cors_origins": {"cors_origins": "https://a.example"},
    "observability": {"observability": "0"},
    "alarm_email": MAIL,
    "monthly_budget": {"monthly_budget": "50", **MAIL},
    "concurrency_quota": {"concurrency_quota": "10"},
    "stand_in": {"stand_in": "1"},
    "providers": {"providers": "openai,bedrock"},
    "canary": {"canary": "1"},
    "snapstart": {"snapstart": "1"},
    "media_days": {"media_days": "30"},
    "cdn": {"cdn": "1"},
    "cdn_certificate_arn": {"cdn": "1", "cdn_certificate_arn": EDGE, **ZONE},
    "waf": {"cdn": "1", "waf": "1"},
    "domain": ZONE,
    "hosted_zone": ZONE,
    "certificate_arn": CERTIFICATE,
    "public_url": {"public_url": "https://images.example"},
    "fetch_from": {"fetch_from": "images.internal"},
    "event_archive_days": {"event_archive_days": "30"},
    "event_log": {"event_log": "1"},
    "bundle": {"bundle": "aws"},
    **dict.fromkeys(JWT, JWT),
    **dict.fromkeys(WRITER, WRITER),
}
TOGETHER = {
    "a fresh account": {"stage": "dev", "size": "small", "concurrency_quota": "10", **MAIL},
    "production": {
        "stage": "prod",
        "size": "large",
        "providers": "openai,fal,bedrock",
        "cors_origins": "https://a.example,https://b.example",
        "monthly_budget": "500",
        "event_archive_days": "90",
        "event_log": "1",
        "canary": "1",
        "snapstart": "1",
        "media_days": "365",
        **ZONE,
        **MAIL,
    },
    "behind CloudFront": {
        "stage": "prod",
        "size": "large",
        "cdn": "1",
        "cdn_certificate_arn": EDGE,
        "waf": "1",
        "cors_origins": "https://a.example",
        **ZONE,
        **MAIL,
    },
    "a company's own identity and writer": {
        "public_url": "https://images.example",
        **JWT,
        **WRITER,
        **MAIL,
    },
}


def complaints(template) -> list[str]:
    options = ManualArgs(regions=["us-east-1", "eu-west-1"])
    return [str(one) for one in lint(template.file.read_text("utf-8"), config=options)]


def test_every_context_key_is_here():
    assert ALONE.keys() == set(Options.names())


# Keys that cannot stand without each other are one template.
EACH = {tuple(sorted(given.items())): key for key, given in reversed(ALONE.items())}


@pytest.mark.parametrize("key", list(reversed(EACH.values())))
def test_each_context_key_alone(make_template, key):
    assert complaints(make_template(**ALONE[key])) == []


@pytest.mark.parametrize("name", TOGETHER)
def test_useful_combinations(make_template, name):
    assert complaints(make_template(**TOGETHER[name])) == []
