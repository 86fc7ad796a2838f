"""Whose request it is, and at which host, behind CloudFront and without."""

from __future__ import annotations

import pytest

from darkroom.handlers.gateway import read_event

OWN, EDGE, CLAIMED = "198.51.100.7", "203.0.113.9", "192.0.2.1"
KEY = "k" * 64
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


def request(cdn_key=KEY, **headers):
    """Of a deployment with CloudFront; `cdn_key` is what this request brings."""
    sent = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
    if cdn_key is not None:
        sent["x-darkroom-cdn-key"] = cdn_key
    return read_event(event(**sent), KEY, f"https://{CDN}")


def test_behind_a_cdn_it_is_the_address_that_the_cdn_saw():
    assert request(x_forwarded_for=f"{OWN}, {EDGE}").client == OWN
    assert request(x_forwarded_for=f"{OWN},{EDGE}").client == OWN


def test_what_a_client_says_of_itself_counts_nothing():
    assert request(x_forwarded_for=f"{CLAIMED}, {OWN}, {EDGE}").client == OWN


@pytest.mark.parametrize("forwarded", [None, "", EDGE])
def test_without_the_cdns_word_it_is_the_one_that_came(forwarded):
    assert request(x_forwarded_for=forwarded).client == EDGE


@pytest.mark.parametrize("cdn_key", [None, "", "guessed", KEY[:-1], f"{KEY},{KEY}"])
def test_past_the_cdn_a_client_does_not_choose_its_address(cdn_key):
    """The gateway's own name stays open: it adds the address that it sees, after the claim."""
    assert request(cdn_key, x_forwarded_for=f"{CLAIMED}, {EDGE}").client == EDGE
    assert request(cdn_key, host=GATEWAY).host == GATEWAY


@pytest.mark.parametrize("cdn_key", [None, "", KEY])
@pytest.mark.parametrize("forwarded", [None, f"{CLAIMED}, {EDGE}", f"{CLAIMED}, {OWN}, {EDGE}"])
def test_without_a_cdn_the_header_is_not_read(forwarded, cdn_key):
    headers = {"x-forwarded-for": forwarded, "x-darkroom-cdn-key": cdn_key}
    sent = {name: value for name, value in headers.items() if value is not None}
    assert read_event(event(**sent)).client == EDGE


@pytest.mark.parametrize(
    ("named", "host"),
    [
        (GATEWAY, CDN),
        # With a domain CloudFront forwards the name that the client asked at.
        ("powerpost.images.example.com", "powerpost.images.example.com"),
    ],
)
def test_a_page_that_comes_by_the_cdn_names_the_cdn(named, host):
    assert request(host=named).host == host


def test_the_key_goes_no_further():
    assert KEY not in str(request(x_forwarded_for=f"{OWN}, {EDGE}"))


def test_the_cdn_cuts_ranges_itself():
    """It keeps what it is answered under the address of the file, whatever range was asked for."""
    assert "range" not in request(range="bytes=0-9").headers
    assert request(None, range="bytes=0-9").headers["range"] == "bytes=0-9"
