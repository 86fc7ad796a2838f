"""Fetching from addresses that users give, against real sockets that count who comes."""

import gzip
import itertools
import threading
import time

import pytest

from darkroom.domain.web_addresses import WebPolicy
from darkroom.domain.worker_ports import FetchFailed
from darkroom.fetching.fetcher import FetchLimits, SafeFetcher
from darkroom.fetching.network import system_addresses
from darkroom.fetching.web import PublicWeb
from tests.fakes.web import LOOPBACK, Authority, Detour, Listener, Nowhere, Server
from tests.hostile.addresses import DENIED, SPELLINGS

HOST = "pictures.test"
PUBLIC = "93.184.216.34"
BODY = bytes(range(256)) * 1000
ALLOWED = WebPolicy(allowed_hosts=frozenset({HOST}))
SHORT = FetchLimits(bytes=len(BODY), connect_seconds=2, read_seconds=0.2, total_seconds=3)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def tls(authority):
    return authority.server(HOST)


@pytest.fixture
def listener():
    with Listener() as listener:
        yield listener


@pytest.fixture
def fetch(authority, tls):
    """From our own host, on this machine, unless a test says otherwise."""

    def fetch(url, policy=ALLOWED, resolve=lambda _host, _port: [LOOPBACK], **options):
        limits = options.pop("limits", SHORT)
        options = {"tls": authority.client(HOST), **options}
        web = PublicWeb(policy, resolve=resolve, **options)
        return SafeFetcher(web, limits=limits).fetch(url)

    return fetch


@pytest.fixture
def reason(fetch):
    def reason(*args, **options):
        with pytest.raises(FetchFailed) as error:
            fetch(*args, **options)
        return error.value.reason

    return reason


def reply(body=BODY, status="200 OK", **headers):
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ["\r\n".join([*lines, "", ""]).encode() + body]


def redirect(location):
    return reply(b"", "302 Found", location=location)


def endless(seconds):
    yield b"HTTP/1.1 200 OK\r\n\r\n"
    while True:
        yield b"x" * 1000
        time.sleep(seconds)


def ticking(seconds):
    """A clock that has gone on by so much at each look."""
    return itertools.count(0, seconds).__next__


def url_of(server, path="/a.png?size=2"):
    return f"https://{HOST}:{server.port}{path}"


def test_a_file_is_fetched_from_the_address_that_was_checked(fetch, tls):
    names = []
    tls.sni_callback = lambda _connection, name, _context: names.append(name)
    with Server(lambda _request: reply(), tls) as server:
        assert fetch(url_of(server)) == BODY
    [request] = server.requests
    assert request.startswith("GET /a.png?size=2 HTTP/1.1\r\n")
    assert f"\r\nHost: {HOST}:{server.port}\r\n" in request
    assert "\r\nAccept-Encoding: identity\r\n" in request
    assert names == [HOST]


def test_a_host_that_the_deployment_allows_needs_no_tls(fetch):
    with Server(lambda _request: reply()) as server:
        assert fetch(f"http://{HOST}:{server.port}/") == BODY


def test_the_next_address_is_tried_where_one_is_not_reached(fetch, tls):
    with Server(lambda _request: reply(), tls) as server:
        assert fetch(url_of(server), resolve=lambda _host, _port: ["127.0.0.2", LOOPBACK]) == BODY


def test_three_redirects_are_followed_and_no_more(fetch, reason, tls):
    def answer(request):
        left = int(request.split(" ")[1].removeprefix("/"))
        return redirect(f"/{left - 1}") if left else reply()

    with Server(answer, tls) as server:
        assert fetch(url_of(server, "/3")) == BODY
        assert len(server.requests) == 4
        assert reason(url_of(server, "/4")) == "redirects"
        assert len(server.requests) == 8


def test_no_proxy_of_the_environment_is_used(fetch, tls, listener, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://{LOOPBACK}:{listener.port}")
    with Server(lambda _request: reply(), tls) as server:
        assert fetch(url_of(server)) == BODY
    assert listener.visitors() == []


@pytest.mark.parametrize("address", DENIED.values(), ids=DENIED.keys())
def test_a_name_for_a_denied_address_is_never_connected_to(reason, listener, address):
    network = Detour(listener.port)
    for addresses in ([address], [PUBLIC, address]):
        given = {"resolve": lambda _host, _port, found=addresses: found, "network": network}
        assert reason("https://images.example.com/", WebPolicy(), **given) == "denied"
    assert (network.asked, listener.visitors()) == ([], [])


@pytest.mark.parametrize("spelling", [host for host in SPELLINGS if "%" not in host])
def test_what_the_systems_resolver_makes_of_an_odd_spelling_is_denied(reason, listener, spelling):
    given = {
        "resolve": lambda _host, port: system_addresses(spelling, port),
        "network": Detour(listener.port),
    }
    seen = reason("https://images.example.com/", WebPolicy(), **given)
    # Not every system's resolver takes every spelling.
    assert seen in {"denied", "unreachable", "unknown_host"}
    assert listener.visitors() == []


@pytest.mark.parametrize(
    "url",
    [
        "http://{public}/",
        "https://{public}:8443/",
        "https://user:word@{public}/",
        "https://127.0.0.1/",
        "https://127.0.0.1:{port}/",
        "http://127.0.0.1:{port}/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://localhost:{port}/",
    ],
)
def test_a_bad_address_is_never_connected_to_not_even_by_a_redirect(reason, tls, listener, url):
    url = url.format(public="images.example.com", port=listener.port)
    with Server(lambda _request: redirect(url), tls) as server:
        assert reason(url) == reason(url_of(server))
        assert len(server.requests) == 1
    assert listener.visitors() == []


def test_a_redirect_to_a_name_for_loopback_is_never_followed(reason, tls, listener):
    with Server(lambda _request: redirect("https://inside.example.com/"), tls) as server:
        assert reason(url_of(server)) == "denied"
    assert listener.visitors() == []


def test_a_name_that_means_something_else_at_the_second_look_is_looked_at_once(reason):
    answers = iter([[PUBLIC], [LOOPBACK], [LOOPBACK]])
    network = Nowhere()
    given = {"resolve": lambda _host, _port: next(answers), "network": network}
    assert reason("https://images.example.com/", WebPolicy(), **given) == "unreachable"
    assert network.asked == [(PUBLIC, 443)]
    assert next(answers) == [LOOPBACK]


def test_a_connection_that_came_out_elsewhere_is_closed_before_a_byte_is_sent(reason, listener):
    given = {"resolve": lambda _host, _port: [PUBLIC], "network": Detour(listener.port)}
    assert reason("https://images.example.com/", WebPolicy(), **given) == "denied"
    assert listener.visitors() == [b""]


def test_a_name_that_means_nothing_is_unreachable(reason):
    def unknown(_host, _port):
        raise OSError

    assert reason("https://images.example.com/", WebPolicy(), resolve=unknown) == "unreachable"
    nothing = reason("https://images.example.com/", WebPolicy(), resolve=lambda _host, _port: [])
    assert nothing == "unreachable"


@pytest.mark.parametrize(
    "limits",
    [
        FetchLimits(connect_seconds=0.1, total_seconds=60),
        FetchLimits(connect_seconds=60, total_seconds=0.1),
    ],
    ids=["connect", "total"],
)
def test_a_name_that_nobody_resolves_is_not_waited_for(reason, limits):
    over, answered = threading.Event(), []

    def stuck(_host, _port):
        # Not for ever: a fetch that did wait would get an address, and fail this test.
        over.wait(10)
        answered.append(PUBLIC)
        return answered

    given = {"resolve": stuck, "network": Nowhere(), "limits": limits}
    try:
        assert reason("https://images.example.com/", WebPolicy(), **given) == "timeout"
        assert answered == []
    finally:
        over.set()


def test_a_certificate_for_another_name_is_refused(reason, authority):
    other = authority.server("other.test")
    with Server(lambda _request: reply(), other) as server:
        trusting = authority.client(HOST, "other.test")
        assert reason(url_of(server), tls=trusting) == "certificate"
    assert server.requests == []


def test_a_certificate_of_nobodys_is_refused(reason, tls):
    with Server(lambda _request: reply(), tls) as server:
        assert reason(url_of(server), tls=None) == "certificate"
    assert server.requests == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (reply(status="404 Not Found"), "status_404"),
        (reply(status="206 Partial Content"), "status_206"),
        (reply(b"", "302 Found"), "status_302"),
        (reply(gzip.compress(BODY), content_encoding="gzip"), "compressed"),
        (reply(BODY + b"x"), "too_large"),
        ([*reply(BODY)[0].splitlines(keepends=True)[:3], b"\r\nless"], "protocol"),
        ([b"SSH-2.0-OpenSSH\r\n"], "protocol"),
        ([b"HTTP/1.1 200 OK\r\nx: " + b"x" * 200_000], "protocol"),
        ([], "protocol"),
    ],
    ids=["404", "206", "302", "gzip", "large", "short", "no http", "endless header", "silence"],
)
def test_an_answer_that_is_no_file_is_refused(reason, tls, answer, why):
    with Server(lambda _request: answer, tls) as server:
        assert reason(url_of(server)) == why


def test_an_endless_file_is_cut(reason, tls):
    with Server(lambda _request: endless(0), tls) as server:
        assert reason(url_of(server)) == "too_large"


def test_a_file_that_drips_has_as_much_time_as_any_other(reason, tls):
    patient = FetchLimits(read_seconds=10, total_seconds=20)
    with Server(lambda _request: endless(0.001), tls) as server:
        assert reason(url_of(server), limits=patient, now=ticking(1)) == "timeout"


def test_headers_that_drip_have_no_more_time_than_a_file(reason, tls):
    def drip(_request):
        yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield b"a: b\r\n"
            time.sleep(0.001)

    patient = FetchLimits(read_seconds=10, total_seconds=20)
    with Server(drip, tls) as server:
        assert reason(url_of(server), limits=patient, now=ticking(1)) == "timeout"


def test_a_server_that_says_nothing_is_not_waited_for(reason, listener):
    assert reason(url_of(listener), limits=FetchLimits(connect_seconds=0.2)) == "timeout"
    assert reason(f"http://{HOST}:{listener.port}/") == "timeout"
