"""Where answers say that files are: where the deployment says, else where the request came."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.integration.conftest import running_system

# A client may come by another name: a dialect's, or the gateway's own address.
ASKED_AT = {"host": "powerpost.images.example.com"}


@pytest.fixture(scope="module", params=["", "https://images.example.com"], ids=["none", "named"])
def address(request):
    with running_system(FILES_URL=request.param) as system:
        job = system.submit().json["id"]
        system.work()
        [image] = system.http("GET", f"/v1/jobs/{job}", headers=ASKED_AT).json["images"]
        yield system, request.param or "https://powerpost.images.example.com", image["url"]


def test_a_file_is_where_the_deployment_says(address):
    _, origin, url = address
    assert url.startswith(f"{origin}/v1/files/")


def test_its_signature_holds_there(address):
    system, origin, url = address
    parts = urlsplit(url)
    query, headers = dict(parse_qsl(parts.query)), {"host": urlsplit(origin).netloc}
    found = system.http("GET", parts.path, key="", query=query, headers=headers)
    assert found.status < 400
