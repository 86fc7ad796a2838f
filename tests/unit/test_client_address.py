"""Whose request it is, and at which host, behind CloudFront and without."""

from __future__ import annotations

import pytest

from darkroom.handlers.gateway import read_event

OWN, EDGE, CLAIMED = "198.51.100.7", "203.0.113.9", "192.0.2.1"


GATEWAY, CDN = "a1b2.execute-api.eu-west-1.amazonaws.com", "d111.cloudfront.net"


def event(**headers):
    return {
        "rawPath": "/v1/health",
        "headers": headers,
        "requestContext": {
            "apiId": "a1b2",
            "http": {"method": "GET", "sourceIp": EDGE},
            "requestId": "r",
            "domainName": "darkroom.test",
            "timeEpoch": 0,
        },
    }


def client(forwarded, proxies):
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return read_event(event(**headers), proxies).client


def test_behind_a_cdn_it_is_the_address_that_the_cdn_saw():
    assert client(f"{OWN}, {EDGE}", 1) == OWN
    assert client(f"{OWN},{EDGE}", 1) == OWN


def test_what_a_client_says_of_itself_counts_nothing():
    assert client(f"{CLAIMED}, {OWN}, {EDGE}", 1) == OWN


@pytest.mark.parametrize("forwarded", [None, "", EDGE])
def test_without_the_cdns_word_it_is_the_one_that_came(forwarded):
    assert client(forwarded, 1) == EDGE


@pytest.mark.parametrize("forwarded", [None, f"{CLAIMED}, {EDGE}", f"{CLAIMED}, {OWN}, {EDGE}"])
def test_without_a_cdn_the_header_is_not_read(forwarded):
    assert client(forwarded, 0) == EDGE


@pytest.mark.parametrize(
    ("named", "proxies", "host"),
    [
        (GATEWAY, 1, CDN),
        (GATEWAY, 0, GATEWAY),
        # With a domain CloudFront forwards the name that the client asked at.
        ("powerpost.images.example.com", 1, "powerpost.images.example.com"),
    ],
)
def test_a_page_that_comes_by_the_cdn_names_the_cdn(named, proxies, host):
    assert read_event(event(host=named), proxies, f"https://{CDN}").host == host
