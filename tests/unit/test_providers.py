import io
import json

import httpx
import pytest
from PIL import Image

from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.domain.catalogue import Route
from darkroom.domain.tools import Made, NotMade, Pictures
from darkroom.providers.exchange import Failed, HttpReply, HttpRequest, Images, NoAnswer, Refused
from darkroom.providers.maker import RoutedMaker
from darkroom.providers.painter.adapter import HOST, PainterAdapter
from darkroom.providers.registry import ADAPTERS, IN_PROCESS
from darkroom.providers.sender import HttpSender
from tests.builders import image_request

FIRST, SECOND = Route(provider="first", model="a"), Route(provider="second", model="b")


class Scripted:
    """An adapter and a sender in one: `script` maps a route's model to what comes of it."""

    def __init__(self, **script):
        self.script = script
        self.asked = []

    def start(self, _request, _slot, model, _pictures):
        return HttpRequest(method="POST", url=model)

    def send(self, request):
        self.asked.append(request.url)
        answer = self.script[request.url]
        if isinstance(answer, NoAnswer):
            raise answer
        return HttpReply(status=200, headers={"answer": request.url}, body=b"")

    def read_start(self, reply):
        return self.script[reply.headers["answer"]]

    def make(self, *routes):
        maker = RoutedMaker({"first": self, "second": self}, self, stopwatch=lambda: 0)
        return maker.make(image_request(), 0, routes, Pictures())


def test_the_first_route_that_can_makes_the_image():
    script = Scripted(a=Images(bodies=(b"one",)), b=Images(bodies=(b"two",)))
    made = script.make(FIRST, SECOND)
    assert isinstance(made, Made)
    assert (made.body, made.route, script.asked) == (b"one", FIRST, ["a"])


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Failed(reason="status_503"), "status_503"),
        (NoAnswer("ConnectTimeout"), "ConnectTimeout"),
        (Images(bodies=()), "no_images"),
    ],
)
def test_a_route_that_fails_is_followed_by_the_next_and_both_are_told_of(answer, outcome):
    made = Scripted(a=answer, b=Images(bodies=(b"two",))).make(FIRST, SECOND)
    assert (made.body, made.route) == (b"two", SECOND)
    assert [attempt.outcome for attempt in made.attempts] == [outcome, "made"]


def test_a_refusal_is_not_taken_to_the_next_route():
    script = Scripted(a=Refused(message="no"), b=Images(bodies=(b"two",)))
    refused = script.make(FIRST, SECOND)
    assert isinstance(refused, NotMade)
    assert (refused.failure.code, refused.may_retry, script.asked) == ("refused", False, ["a"])


def test_when_every_route_fails_the_image_may_be_tried_again():
    nothing = Scripted(a=Failed(reason="x"), b=Failed(reason="y")).make(FIRST, SECOND)
    assert (nothing.failure.code, nothing.may_retry) == ("provider_failed", True)


def test_the_painter_answers_over_the_same_wire_as_everybody():
    sender = HttpSender(IN_PROCESS)
    request = image_request(width=96, height=64)
    reply = sender.send(PainterAdapter().start(request, 0, "painter", Pictures()))
    (body,) = PainterAdapter().read_start(reply).bodies
    assert Image.open(io.BytesIO(body)).size == (96, 64)
    assert reply.headers["content-type"] == "image/png"


def test_the_painters_commission_carries_every_option():
    request = image_request(
        negative_prompt="rain", steps=9, guidance=2.0, temperature=0.1, quality="low", seed=5
    )
    sent = json.loads(PainterAdapter().start(request, 3, "painter", Pictures()).body)
    assert sent == {
        "prompt": "a red boat",
        "width": 512,
        "height": 512,
        "seed": 8,
        "model": "painter",
        "negative_prompt": "rain",
        "strength": None,
        "references": [],
        "mask": None,
        "steps": 9,
        "guidance": 2.0,
        "temperature": 0.1,
        "quality": "low",
    }


@pytest.mark.parametrize(
    ("status", "kind"), [(200, Images), (422, Refused), (500, Failed), (404, Failed)]
)
def test_the_painters_replies_are_read(status, kind):
    reply = HttpReply(status=status, headers={}, body=b"")
    assert isinstance(PainterAdapter().read_start(reply), kind)


def test_with_stand_ins_every_model_leads_to_an_adapter():
    catalogue = whole_catalogue().reachable_by(ADAPTERS.keys(), with_stand_ins=True)
    for model in catalogue.models.values():
        assert model.routes
        assert {route.provider for route in model.routes} <= set(ADAPTERS)


def test_without_them_a_model_that_nobody_here_makes_is_not_available():
    catalogue = whole_catalogue().reachable_by({"painter"}, with_stand_ins=False)
    assert catalogue.models["painter"].is_available
    assert not catalogue.models["flux-2-pro"].is_available


def sender_that(behaves, **options):
    sender = HttpSender({}, **options)
    sender._client._transport = httpx.MockTransport(behaves)
    return sender


class SlowBody:
    """A reply of ten bytes, and a clock that goes on by so much with each of them."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.time = 1000.0
        self.sent = 0

    def now(self):
        return self.time

    def answer(self, _request):
        return httpx.Response(200, content=self._bytes())

    def _bytes(self):
        for _ in range(10):
            self.time += self.seconds
            self.sent += 1
            yield b"x"


def test_a_connection_that_fails_is_no_answer():
    def refuse(_request):
        raise httpx.ConnectError("refused")

    with pytest.raises(NoAnswer, match="ConnectError"):
        sender_that(refuse).send(HttpRequest(method="GET", url="https://a.test"))


def test_a_reply_without_end_is_cut_off(monkeypatch):
    monkeypatch.setattr("darkroom.providers.sender._MOST_BYTES", 1000)
    endless = sender_that(lambda _: httpx.Response(200, content=b"x" * 1001))
    with pytest.raises(NoAnswer, match="too_many_bytes"):
        endless.send(HttpRequest(method="GET", url="https://a.test"))


def test_a_reply_that_drips_is_not_waited_for_beyond_the_total():
    slow = SlowBody(seconds=6)
    sender = sender_that(slow.answer, total_seconds=20, now=slow.now)
    with pytest.raises(NoAnswer) as nothing:
        sender.send(HttpRequest(method="GET", url="https://a.test"))
    assert (nothing.value.reason, slow.sent) == ("timeout", 4)


def test_a_slow_reply_within_the_total_is_whole_and_each_request_has_a_total_of_its_own():
    slow = SlowBody(seconds=2)
    sender = sender_that(slow.answer, total_seconds=20, now=slow.now)
    for _ in range(2):
        reply = sender.send(HttpRequest(method="GET", url="https://a.test"))
        assert reply.body == b"x" * 10


@pytest.mark.parametrize(
    ("options", "read"), [({}, 100), ({"total_seconds": 20}, 20), ({"total_seconds": 200}, 100)]
)
def test_no_read_takes_longer_than_the_total(options, read):
    seen = []

    def answer(request):
        seen.append(request.extensions["timeout"])
        return httpx.Response(200)

    sender_that(answer, **options).send(HttpRequest(method="GET", url="https://a.test"))
    assert seen == [{"connect": 5, "read": read, "write": 20, "pool": 5}]


def test_a_host_in_this_process_never_reaches_the_network():
    sender = HttpSender({HOST: lambda body: HttpReply(status=201, headers={}, body=body[::-1])})
    reply = sender.send(HttpRequest(method="POST", url=f"https://{HOST}/x", body=b"abc"))
    assert (reply.status, reply.body) == (201, b"cba")
