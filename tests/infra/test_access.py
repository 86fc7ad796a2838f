"""What the local AWS is asked for, and by whom."""

from __future__ import annotations

import pytest

from infra.local.access import may_use_aws

FILE = "/images/media/01890000-0000-7000-8000-000000000000.webp"
SIGNED = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00ff"
PAGE = {"origin": "https://evil.example"}
SDK = {"authorization": "AWS4-HMAC-SHA256 Credential=a/b/c/lambda/aws4_request"}


def may(path, query="", method="GET", **headers):
    sent = {"host": "127.0.0.1:4566"} | headers
    return may_use_aws(
        {
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        }
    )


@pytest.mark.parametrize("asker", [{}, PAGE], ids=["program", "page"])
def test_a_file_is_had_by_its_signed_address(asker):
    assert may(FILE, SIGNED, **asker)
    assert may(FILE, SIGNED, "HEAD", **asker)


@pytest.mark.parametrize("asker", [{}, PAGE], ids=["program", "page"])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "X-Amz-Signature=",
        "X-Amz-Signature=00ff",
        "X-Amz-Algorithm=none&X-Amz-Signature=00ff",
        f"X-Amz-Algorithm=none&{SIGNED}",
        f"X-Amz-Algorithm=&{SIGNED}",
        f"X-Amz-Signature=&{SIGNED}",
        f"note={SIGNED.replace('&', '%26')}",
    ],
)
def test_no_file_is_had_by_what_the_local_aws_takes_for_no_signature(asker, query):
    assert not may(FILE, query, **asker)


@pytest.mark.parametrize("path", ["/2015-03-31/functions/", "/_ministack/reset", "/", "/images"])
def test_a_page_has_nothing_but_files_by_a_signed_address(path):
    assert not may(path, SIGNED, **PAGE)
    assert not may(path, SIGNED, "POST", **PAGE)
    assert not may(FILE, SIGNED, "PUT", **PAGE)


def test_programs_of_this_machine_sign_their_requests():
    assert may("/2015-03-31/functions/", method="POST", **SDK)
    assert not may("/2015-03-31/functions/", method="POST", **SDK | PAGE)
    assert not may("/2015-03-31/functions/", method="POST")
