"""Posting to addresses that users give, against real sockets."""

import itertools
import socket
import ssl
import threading
import time

import httpcore
import pytest

from darkroom.domain.web_addresses import WebPolicy
from darkroom.domain.worker_ports import FetchFailed
from darkroom.fetching.web import PublicWeb
from darkroom.fetching.webhook_sender import SafeWebhookSender
from tests.fakes.mailboxes import Mailbox, refusal
from tests.fakes.web import LOOPBACK, Authority, Listener

HERE = WebPolicy(allowed_hosts=frozenset({LOOPBACK}))
PUBLIC = "93.184.216.34"
HEAD = b"HTTP/1.1 500 Oh\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"


def post(url, policy=HERE, **options):
    web = PublicWeb(policy, **options)
    return SafeWebhookSender(web).post(url, {"webhook-id": "event-1"}, b'{"a":1}')


def answered(*parts, **options):
    with Mailbox(lambda _request: itertools.chain(*parts)) as mailbox:
        answer = post(mailbox.url, **options)
    [request] = mailbox.requests
    assert request.endswith('\r\n\r\n{"a":1}')
    return answer.status, answer.beginning


def reason(url, policy=HERE, **options):
    with pytest.raises(FetchFailed) as error:
        post(url, policy, **options)
    return error.value.reason


def ticking(seconds):
    """A clock that has gone on by so much at each look."""
    return itertools.count(0, seconds).__next__


def again_and_again(part):
    while True:
        time.sleep(0.001)
        yield part


class Counting(httpcore.SyncBackend):
    """Counts what is taken from the wire."""

    def __init__(self):
        self.taken = 0

    def connect_tcp(self, *given, **named):
        stream = super().connect_tcp(*given, **named)
        read = stream.read

        def counted(*given):
            part = read(*given)
            self.taken += len(part)
            return part

        stream.read = counted
        return stream


class Waiting(httpcore.NetworkBackend):
    def connect_tcp(self, *_given, **_named):
        raise httpcore.ConnectTimeout


def test_what_a_receiver_says_to_its_refusal_is_brought_back():
    assert answered(refusal(b"no such table")) == (500, b"no such table")
    assert answered(refusal(b"moved", "301 Moved")) == (301, b"moved")
    assert answered(refusal(b"")) == (500, b"")


def test_what_it_says_to_a_message_that_it_takes_is_not_read():
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"
    assert answered([head], [b"never"]) == (200, b"")


def test_a_body_without_end_is_cut_and_little_of_it_is_taken():
    network = Counting()
    endless = again_and_again(b"x" * 50_000)
    status, beginning = answered([HEAD + b"\r\n"], endless, network=network)
    assert (status, beginning) == (500, b"x" * 2000)
    assert network.taken < 4000


@pytest.mark.parametrize(
    ("parts", "beginning"),
    [
        ([[CHUNKED + b"2\r\nno\r\n"], again_and_again(b"1\r\nx\r\n")], b"nox"),
        # Never a whole chunk.
        ([[CHUNKED + b"2\r\nno\r\n"], again_and_again(b"0")], b"no"),
    ],
    ids=["chunks", "one chunk"],
)
def test_a_body_that_drips_is_left_alone_and_the_status_counts(parts, beginning):
    clock = ticking(0.01)
    status, read = answered(*parts, now=clock)
    assert status == 500
    assert read.startswith(beginning)
    # Of the fifteen seconds that an answer may take.
    assert clock() < 1


def test_a_body_that_does_not_come_is_not_waited_for():
    over, left_before_the_end = threading.Event(), []

    def stuck(_request):
        yield HEAD + b"content-length: 9\r\n\r\nno"
        left_before_the_end.append(over.wait(10))

    with Mailbox(stuck) as mailbox:
        answer = post(mailbox.url)
        over.set()
    assert (answer.status, answer.beginning) == (500, b"no")
    assert left_before_the_end == [True]


@pytest.mark.parametrize(
    "rest",
    [b"content-length: 9\r\n\r\nno", b"transfer-encoding: chunked\r\n\r\n2\r\nno\r\nzz\r\n"],
    ids=["broken off", "nonsense"],
)
def test_a_body_that_goes_wrong_leaves_the_status_as_it_is(rest):
    assert answered([HEAD + rest]) == (500, b"no")


def test_each_kind_of_silence_has_a_name_of_its_own(tmp_path):
    authority = Authority(tmp_path)
    old, new = authority.server("other.test"), authority.client("other.test")
    old.maximum_version, new.minimum_version = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
    with Mailbox(lambda _request: [], old) as mailbox:
        assert reason(f"https://{LOOPBACK}:{mailbox.port}/") == "certificate"
        assert reason(f"https://{LOOPBACK}:{mailbox.port}/", tls=new) == "tls"
    assert reason(mailbox.url) == "unreachable"
    with Mailbox(lambda _request: [b"SSH-2.0-OpenSSH\r\n"]) as mailbox:
        assert reason(mailbox.url) == "protocol"
    with Listener() as listener:
        assert reason(f"http://{LOOPBACK}:{listener.port}/", now=ticking(4)) == "timeout"

    def nobody(_host, _port):
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    assert reason("https://shop.example.com/", WebPolicy(), resolve=nobody) == "unknown_host"
    assert reason("http://192.168.0.1/", WebPolicy()) == "scheme"
    assert reason("https://192.168.0.1/", WebPolicy()) == "denied"


def test_a_connection_that_nobody_answers_is_a_timeout():
    there = {"resolve": lambda _host, _port: [PUBLIC], "network": Waiting()}
    assert reason("https://shop.example.com/", WebPolicy(), **there) == "timeout"
