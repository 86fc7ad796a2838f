"""The context keys of what stands before the API: a domain, CloudFront, an own proxy."""

from __future__ import annotations

import re
from typing import Any

from infra.context_values import ContextValues, OptionError

# In small letters, as DNS has it, and not a wildcard: the names below are served, too.
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
ZONE = re.compile(r"Z[A-Z0-9]+")
# What CloudFront uses is in one region for all.
EDGE_CERTIFICATE = re.compile(r"arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/\S+")
WAF = re.compile(r"0|1|arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global/webacl/\S+")
CERTIFICATE = re.compile(r"arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/\S+")
HTTPS_ORIGIN = re.compile(r"https://[A-Za-z0-9.-]+(:\d{1,5})?")
# Where one machine is client and server, it needs no TLS.
LOCAL_ORIGIN = re.compile(rf"{HTTPS_ORIGIN.pattern}|http://(127\.0\.0\.1|localhost):\d{{1,5}}")


def read_domain(values: ContextValues) -> dict[str, Any]:
    domain = values.text("domain", DOMAIN, "a domain like images.example.com")
    zone = values.text("hosted_zone", ZONE, "the id of a zone of Route 53, like Z0123456789ABC")
    certificate = values.text("certificate_arn", CERTIFICATE, "the ARN of a certificate of ACM")
    if domain and not (zone or certificate):
        raise OptionError("domain", "hosted_zone or certificate_arn beside it", domain)
    for key, value in {"hosted_zone": zone, "certificate_arn": certificate}.items():
        if value and not domain:
            raise OptionError(key, "domain beside it", value)
    return {"domain": domain, "hosted_zone": zone, "certificate_arn": certificate}


def read_cdn(values: ContextValues) -> dict[str, Any]:
    cdn = values.flag("cdn", default=False)
    certificate = values.text(
        "cdn_certificate_arn", EDGE_CERTIFICATE, "the ARN of a certificate in us-east-1"
    )
    waf = values.text("waf", WAF, "1, 0 or the ARN of a web ACL for CloudFront") or "0"
    if bool(certificate) != (cdn and values.has("domain")):
        wanted = "a certificate in us-east-1 where there are cdn=1 and domain, and only there"
        raise OptionError("cdn_certificate_arn", wanted, certificate or "")
    if waf != "0" and not cdn:
        raise OptionError("waf", "cdn=1 beside it: the API by itself takes none", waf)
    if cdn and values.has("public_url"):
        raise OptionError("cdn", "domain for its address, and no public_url", "1")
    return {"cdn": cdn, "cdn_certificate_arn": certificate, "waf": "" if waf == "0" else waf}


def read_public_url(values: ContextValues, *, is_local: bool) -> str | None:
    if values.has("public_url") and values.has("domain"):
        raise OptionError(
            "public_url", "nothing beside domain, which is where clients come", "both"
        )
    pattern = LOCAL_ORIGIN if is_local else HTTPS_ORIGIN
    return values.text("public_url", pattern, "an address like https://a.example")
