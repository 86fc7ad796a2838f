"""What people are told of an address: a sentence for each code, true for what is refused."""

import ast
import re
from pathlib import Path

import pytest

import darkroom
from darkroom.dialects.native.problems import explain
from darkroom.domain.address_texts import failed_fetch_text, refused_address_text
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.web_addresses import BadAddress, WebPolicy

CODE = Path(darkroom.__file__).parent
LOCAL = WebPolicy(allowed_hosts=frozenset({"127.0.0.1"}))
PUBLIC = WebPolicy()
REFUSED = {
    "https://example.com/" + "a" * 2048: "url may have at most 2,048 characters.",
    "https://example.com/a b": "url may have no spaces, control characters or backslashes: "
    "write a space as %20.",
    "http://example.com/": "url must begin with https://.",
    "https://ada:secret@example.com/": "url may have no user name or password before its host, "
    "as in name:password@.",
    "https://example/": "url must name a host of the public web in full, as https://example.com/ "
    "does.",
    "https://a.internal/": "url must name a host of the public web, which none is that ends in "
    ".internal, .invalid, .local, .localhost or .onion.",
    "https://10.0.0.1/": "url must lead to the public web, and this network address is private or "
    "reserved.",
    "https://example.com:444/": "url may have no port, or 443.",
}
# The same rules where 127.0.0.1 is allowed, and what is allowed there beyond them.
LOCALLY = {
    "http://example.com/": ("at 127.0.0.1 http:// will do, too", "http://127.0.0.1/"),
    "https://example/": ("here 127.0.0.1 will do, too", "https://127.0.0.1/"),
    "https://a.local/": ("here 127.0.0.1 will do, too", "https://127.0.0.1/"),
    "https://10.0.0.1/": ("here 127.0.0.1 will do, too", "https://127.0.0.1/"),
    "https://example.com:9000/": (
        "at 127.0.0.1 any port up to 65535",
        "https://127.0.0.1:65535/",
    ),
}


def refusal(url, web):
    with pytest.raises(BadAddress) as error:
        web.check(url)
    return refused_address_text("url", error.value.reason, web)


def codes(exception):
    """Those that the code raises it with, as it is written."""
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == exception:
                yield from (
                    part.value
                    for given in node.args
                    for part in ast.walk(given)
                    if isinstance(part, ast.Constant) and part.value != "status_"
                )


@pytest.mark.parametrize("url", REFUSED)
def test_a_refusal_says_what_would_be_right(url):
    assert refusal(url, PUBLIC) == REFUSED[url]


@pytest.mark.parametrize("url", LOCALLY)
def test_where_a_host_is_allowed_more_the_refusal_says_so(url):
    exception, address = LOCALLY[url]
    assert refusal(url, LOCAL).endswith(f" ({exception}).")
    assert LOCAL.check(address)


def test_every_code_has_a_sentence():
    of_addresses, of_fetching = set(codes("BadAddress")), set(codes("FetchFailed"))
    assert {"host", "reserved"} <= of_addresses
    assert {"timeout", "redirects", "missing"} <= of_fetching
    for code in of_addresses:
        assert refused_address_text("url", code, LOCAL).startswith("url m")
    # Where a redirect leads may be a bad address, too.
    for code in of_addresses | of_fetching | {"gave_up"}:
        assert re.fullmatch(r"[a-z][\w ,:/-]+ [\w ,:/-]+", failed_fetch_text(code)), code
        assert failed_fetch_text(code) != code


def test_a_status_is_told_as_a_number():
    assert failed_fetch_text("status_404") == "its host answered with status 404"


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("url", "url.address"),
        ("webhook.url", "webhook.url.address"),
        ("events.0", "events.address"),
        ("references.12.url", "references.url.address"),
    ],
)
def test_a_code_is_the_same_wherever_in_a_list_it_happens(field, code):
    told = explain(InvalidRequest(field, "address", "It is wrong."))
    assert (told["code"], told["field"]) == (code, field)
