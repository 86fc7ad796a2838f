import pytest

from darkroom.domain.web_addresses import BadAddress, WebPolicy, is_denied
from tests.hostile.addresses import DENIED, SPELLINGS

LOCAL = WebPolicy(allowed_hosts=frozenset({"localhost", "127.0.0.1"}))


def reason(url, policy=WebPolicy()):  # noqa: B008 - it is frozen
    with pytest.raises(BadAddress) as error:
        policy.check(url)
    assert str(error.value) == error.value.reason
    return error.value.reason


def in_url(address):
    return f"[{address}]" if ":" in address else address


@pytest.mark.parametrize("address", DENIED.values(), ids=DENIED.keys())
def test_an_address_that_is_not_of_the_public_web_is_denied(address):
    assert is_denied(address)
    assert reason(f"https://{in_url(address)}/a.png") in {"denied", "host"}


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001::200e"]
)
def test_an_address_of_the_public_web_is_not_denied(address):
    assert not is_denied(address)
    assert WebPolicy().check(f"https://{in_url(address)}/").host == address


@pytest.mark.parametrize("host", SPELLINGS)
def test_an_odd_spelling_of_loopback_is_refused_before_anybody_resolves_it(host):
    assert reason(f"https://{host}/a.png") in {"denied", "host"}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.com/a.png", "scheme"),
        ("ftp://example.com/a.png", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("data:image/png;base64,AAAA", "scheme"),
        ("//example.com/a.png", "scheme"),
        ("example.com", "scheme"),
        ("", "scheme"),
        ("https://example.com:444/", "port"),
        ("https://example.com:80/", "port"),
        ("https://example.com:0/", "port"),
        ("https://example.com:99999/", "port"),
        ("https://example.com:x/", "port"),
        ("https://example.com:443:80/", "port"),
        ("https://user@example.com/", "userinfo"),
        ("https://user:word@example.com/", "userinfo"),
        ("https://@example.com/", "userinfo"),
        ("https://example.com@127.0.0.1/", "userinfo"),
        ("https://", "host"),
        ("https:///a.png", "host"),
        ("https:example.com", "host"),
        ("https://example/", "host"),
        ("https://example..com/", "host"),
        ("https://-example.com/", "host"),
        ("https://exa mple.com/", "characters"),
        ("https://exa%6dple.com/", "host"),
        ("https://example.com%00.evil/", "host"),
        ("https://℀.com/", "host"),
        (f"https://{'a' * 64}.com/", "host"),
        (f"https://{'a.' * 127}com/", "host"),
        ("https://a.internal/", "reserved"),
        ("https://Printer.Local./", "reserved"),
        ("https://a.localhost/", "reserved"),
        ("https://a.b.invalid/", "reserved"),
        ("https://a.onion/", "reserved"),
        ("https://[::1/", "host"),
        ("https://[v1.com]/", "host"),
        (" https://example.com/", "characters"),
        ("https://example.com/\n", "characters"),
        ("https://example.com/a\tb", "characters"),
        ("https://example.com\\@127.0.0.1/", "characters"),
        ("https://example.com/\x00", "characters"),
        ("https://example.com/\ud800", "characters"),
        ("https://example.com/" + "a" * 2048, "too_long"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_in_a_code(url, why):
    assert reason(url) == why


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("https://example.com", "example.com", "/"),
        ("HTTPS://Example.COM:443/a.png#part", "example.com", "/a.png"),
        ("https://example.com./a?b=c&d=%20", "example.com", "/a?b=c&d=%20"),
        ("https://bücher.example/ä?ö", "xn--bcher-kva.example", "/%C3%A4?%C3%B6"),
        ("https://internal.example.com/x", "internal.example.com", "/x"),
        ("https://local.test/x", "local.test", "/x"),
        ("https://my_files.s3.amazonaws.com/x", "my_files.s3.amazonaws.com", "/x"),
    ],
)
def test_a_good_address_is_taken_apart(url, host, target):
    address = WebPolicy().check(url)
    assert (address.scheme, address.host, address.port) == ("https", host, 443)
    assert (address.target, address.authority) == (target, host)


def test_a_host_header_has_the_port_where_it_is_unusual_and_ipv6_in_brackets():
    assert LOCAL.check("http://localhost:8080/a").authority == "localhost:8080"
    assert LOCAL.check("http://localhost/a").authority == "localhost"
    assert WebPolicy().check("https://[2606:4700::1111]/").authority == "[2606:4700::1111]"


def test_a_host_that_the_deployment_allows_may_have_a_name_that_is_never_public():
    allowing = WebPolicy(allowed_hosts=frozenset({"vendor.internal"}))
    assert allowing.check("http://vendor.internal:8080/a").port == 8080
    assert reason("https://other.internal/a", allowing) == "reserved"


@pytest.mark.parametrize("url", ["http://localhost:8080/a", "https://127.0.0.1:4566/b"])
def test_a_host_that_the_deployment_allows_may_have_any_port_and_http(url):
    assert LOCAL.check(url).port in {8080, 4566}


def test_a_host_that_the_deployment_allows_may_be_on_loopback_and_nowhere_else():
    assert LOCAL.allows("localhost", "127.0.0.1")
    assert LOCAL.allows("localhost", "::1")
    assert not LOCAL.allows("localhost", "169.254.169.254")
    assert not LOCAL.allows("localhost", "nonsense")
    assert not LOCAL.allows("example.com", "127.0.0.1")
    assert LOCAL.allows("example.com", "93.184.216.34")


def test_what_is_allowed_is_a_host_and_not_what_looks_like_it():
    assert reason("http://127.0.0.2:8080/", LOCAL) == "scheme"
    assert reason("https://127.1/", LOCAL) == "host"
    assert reason("https://user@localhost/", LOCAL) == "userinfo"
    assert reason("ftp://localhost/", LOCAL) == "scheme"


@pytest.mark.parametrize(
    ("reference", "whole"),
    [
        ("/b.png", "https://example.com/b.png"),
        ("c?d", "https://example.com/a/c?d"),
        ("//other.example/", "https://other.example/"),
        ("http://127.0.0.1/", "http://127.0.0.1/"),
    ],
)
def test_a_redirect_leads_on_from_where_it_was(reference, whole):
    assert WebPolicy().check("https://example.com/a/b").join(reference) == whole


def test_a_redirect_to_nonsense_is_a_bad_address():
    with pytest.raises(BadAddress, match="host"):
        WebPolicy().check("https://example.com/").join("https://[::1")
