import io
from dataclasses import replace
from datetime import date, timedelta

import httpx
import pytest
from PIL import Image

from darkroom.bootstrap.catalogue import check_catalogue, whole_catalogue
from darkroom.domain.attempts import Attempt
from darkroom.domain.catalogue import STAND_IN, ProviderRoute, is_stand_in
from darkroom.domain.worker_ports import (
    FetchFailed,
    GeneratedImage,
    GenerationFailed,
    GenerationRequest,
    GenerationStarted,
    Pictures,
)
from darkroom.providers.interface import (
    AccountUnusable,
    Failed,
    FailureKind,
    Handle,
    HttpReply,
    HttpRequest,
    Images,
    NoAnswer,
    Pending,
    ProviderRequest,
    Refused,
)
from darkroom.providers.registry import providers
from darkroom.providers.router import ProviderRouter
from darkroom.providers.sender import HttpSender
from darkroom.providers.vendors import painter
from painter import Commission
from tests.builders import NOW, image_request

FIRST, SECOND = (
    ProviderRoute(provider="first", model="a"),
    ProviderRoute(provider="second", model="b"),
)
PAINTER = painter.Painter({})
TODAY = date(2026, 11, 21)


def failed(trouble=FailureKind.TRANSIENT, reason="x", **more):
    return Failed(kind=trouble, reason=reason, **more)


class Scripted:
    """Adapter, sender, fetcher and breaker in one: `script` maps a route's model, and `files` an
    address, to what comes of it; a list is what comes of one call after the other.
    """

    def __init__(self, **script):
        self.script, self.files = script, {}
        self.asked, self.closed, self.told, self.within = [], {}, [], []
        self.time = 0.0

    def start(self, wanted):
        self.wanted = wanted
        return HttpRequest(method="POST", url=wanted.model)

    def poll(self, handle):
        return HttpRequest(method="GET", url=handle.poll)

    def cancel(self, handle):
        return HttpRequest(method="DELETE", url=handle.cancel) if handle.cancel else None

    def send(self, request, within):
        self.within.append(within)
        self.asked.append(request.url)
        answer = self._next(self.script, request.url)
        if isinstance(answer, Exception):
            raise answer
        self.answer = answer
        return HttpReply(status=200, headers={}, body=b"")

    def read_start(self, _reply):
        return self.answer

    read_poll = read_start

    def fetch(self, url):
        answer = self._next(self.files, url)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _next(self, answers, name):
        found = answers[name]
        return found.pop(0) if isinstance(found, list) else found

    def open_for(self, route):
        return self.closed.get(route, 0)

    def failed(self, route, *, open_for):
        self.told.append((route.model, open_for))

    def succeeded(self, route):
        self.told.append((route.model, "works"))

    def _adapter_of(self, name):
        if name == "nobody":
            raise LookupError(name)
        if name == "unusable":
            raise AccountUnusable(name)
        return self

    @property
    def router(self):
        return ProviderRouter(
            adapter_of=self._adapter_of,
            sender=self,
            fetcher=self,
            breaker=self,
            now=lambda: NOW + timedelta(seconds=30),
            seconds=90,
            stopwatch=lambda: self.time,
        )

    def make(self, *routes, earlier=(), **asked):
        generation = GenerationRequest(
            request=image_request(**asked),
            slot=2,
            token="media-1",
            pictures=Pictures(),
            earlier=earlier,
        )
        return self.router.make(generation, routes)


def outcomes(answer):
    return [(attempt.outcome, attempt.reason) for attempt in answer.attempts]


def test_the_first_route_that_can_makes_the_image():
    script = Scripted(a=Images(bodies=(b"one",)), b=Images(bodies=(b"two",)))
    made = script.make(FIRST, SECOND)
    assert isinstance(made, GeneratedImage)
    assert (made.body, made.route, script.asked) == (b"one", FIRST, ["a"])
    assert (script.wanted.seed, script.wanted.token) == (9, "media-1")


MOVES_ON = [
    (failed(reason="status_503"), "transient"),
    (failed(FailureKind.RATE_LIMITED, "rate"), "rate_limited"),
    (failed(FailureKind.NO_FUNDS, "quota"), "no_funds"),
    (failed(FailureKind.MODEL_GONE, "gone"), "model_gone"),
    (failed(FailureKind.UNAUTHORIZED, "key"), "unauthorized"),
    (failed(FailureKind.UNKNOWN, "unreadable"), "unknown"),
    (NoAnswer("ConnectTimeout", arrived=False), "transient"),
    (NoAnswer("ReadTimeout"), "unknown"),
    (Images(), "unknown"),
]


@pytest.mark.parametrize(("answer", "outcome"), MOVES_ON)
def test_a_route_that_fails_is_followed_by_the_next_and_both_are_told_of(answer, outcome):
    made = Scripted(a=answer, b=Images(bodies=(b"two",))).make(FIRST, SECOND)
    assert (made.body, made.route) == (b"two", SECOND)
    assert [name for name, _ in outcomes(made)] == [outcome, "made"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [(Refused(reason="moderated"), "refused"), (failed(FailureKind.INVALID, "size"), "invalid")],
)
def test_what_is_refused_or_invalid_is_not_taken_to_the_next_route(answer, code):
    script = Scripted(a=answer, b=Images(bodies=(b"two",)))
    refused = script.make(FIRST, SECOND)
    assert isinstance(refused, GenerationFailed)
    assert (refused.failure.code, refused.may_retry, script.asked) == (code, False, ["a"])


def test_when_every_route_fails_the_image_may_be_tried_again():
    nothing = Scripted(a=failed(), b=failed()).make(FIRST, SECOND)
    assert (nothing.failure.code, nothing.may_retry) == ("provider_failed", True)
    assert nothing.busy_for is None


def test_a_provider_without_a_key_is_passed_over():
    made = Scripted(b=Images(bodies=(b"two",))).make(
        ProviderRoute(provider="nobody", model="x"), SECOND
    )
    assert outcomes(made) == [("unauthorized", "no_key"), ("made", "")]


def test_an_account_that_is_none_closes_its_route_like_a_wrong_key():
    unusable = ProviderRoute(provider="unusable", model="x")
    script = Scripted(b=Images(bodies=(b"two",)))
    assert outcomes(script.make(unusable, SECOND)) == [
        ("unauthorized", "bad_account"),
        ("made", ""),
    ]
    assert script.told[0] == ("x", 300)


def test_an_image_that_may_have_been_made_is_asked_for_once_more_and_no_more():
    unknown = failed(FailureKind.UNKNOWN, "ReadTimeout")
    script = Scripted(a=unknown, b=unknown, c=Images(bodies=(b"three",)))
    nothing = script.make(FIRST, SECOND, ProviderRoute(provider="third", model="c"))
    assert (nothing.failure.code, nothing.may_retry) == ("outcome_unknown", False)
    assert script.asked == ["a", "b"]
    earlier = (Attempt(provider="first", model="a", outcome="unknown", milliseconds=1),)
    again = Scripted(a=unknown).make(FIRST, earlier=earlier)
    assert (again.failure.code, again.may_retry) == ("outcome_unknown", False)


def test_where_every_provider_is_busy_nothing_has_been_tried_in_earnest():
    script = Scripted(a=failed(FailureKind.RATE_LIMITED, "rate", retry_after=7.2))
    script.closed[SECOND] = 20
    nothing = script.make(FIRST, SECOND)
    assert (nothing.may_retry, nothing.busy_for) == (True, 8)
    assert script.asked == ["a"]


def test_one_that_fails_beside_a_busy_one_counts_as_a_try():
    script = Scripted(a=failed(FailureKind.RATE_LIMITED, "rate"), b=failed())
    assert script.make(FIRST, SECOND).busy_for is None


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Images(bodies=(b"one",)), "works"),
        (Refused(reason="moderated"), "works"),
        (failed(FailureKind.INVALID), "works"),
        (failed(), None),
        (failed(FailureKind.UNKNOWN), None),
        (failed(FailureKind.RATE_LIMITED), 15),
        (failed(FailureKind.RATE_LIMITED, retry_after=40.5), 41),
        (failed(FailureKind.MODEL_GONE), 3600),
        (failed(FailureKind.NO_FUNDS), 300),
        (failed(FailureKind.UNAUTHORIZED), 300),
    ],
)
def test_what_comes_of_a_try_is_told_to_all_workers(answer, told):
    script = Scripted(a=answer)
    script.make(FIRST)
    assert script.told == [("a", told)]


class Slow(Scripted):
    """Each answer takes half a minute."""

    def send(self, request, within):
        self.time += 40
        return super().send(request, within)


def test_all_routes_together_take_no_longer_than_a_lease_has_time():
    third = ProviderRoute(provider="third", model="c")
    slow = Slow(a=failed(), b=failed(), c=Images(bodies=(b"three",)))
    nothing = slow.make(FIRST, SECOND, third)
    assert (slow.asked, slow.within) == (["a", "b"], [90, 50])
    assert nothing.may_retry


def test_a_route_of_which_nobody_knows_what_it_made_is_asked_last():
    earlier = (Attempt(provider="first", model="a", outcome="unknown", milliseconds=1),)
    script = Scripted(a=Images(bodies=(b"one",)), b=Images(bodies=(b"two",)))
    assert script.make(FIRST, SECOND, earlier=earlier).route == SECOND


HANDLE = Handle(id="t", poll="poll", cancel="cancel", pace=4, usd=0.05)


def test_an_image_that_takes_its_time_is_asked_after_until_it_is_there():
    script = Scripted(
        a=HANDLE,
        poll=[Pending(), NoAnswer("ReadTimeout"), failed(), Images(urls=("file",))],
    )
    script.files["file"] = b"one"
    begun = script.make(FIRST)
    assert isinstance(begun, GenerationStarted)
    assert (begun.pending.provider, begun.pending.model, begun.pending.pace) == ("first", "a", 4)
    for _ in range(3):
        assert script.router.poll_image(begun.pending, ()) is None
    made = script.router.poll_image(begun.pending, ())
    assert (made.body, made.route) == (b"one", FIRST)
    [attempt] = made.attempts
    assert (attempt.outcome, attempt.usd, attempt.milliseconds) == ("made", 0.05, 0)


def test_what_nobody_bills_has_its_list_price_where_that_is_one_of_such_an_image():
    priced = replace(FIRST, usd=0.04)
    for answer in (Images(bodies=(b"one",)), replace(HANDLE, usd=None)):
        script = Scripted(a=answer, poll=Images(bodies=(b"one",)))
        made = script.make(priced)
        if isinstance(made, GenerationStarted):
            made = script.router.poll_image(made.pending, ())
        assert [(a.usd, a.is_list_price) for a in made.attempts] == [(0.04, True)]
    script = Scripted(a=Images(bodies=(b"one",)))
    made = script.make(priced, width=4096, height=4096)
    assert [(a.usd, a.is_list_price) for a in made.attempts] == [(None, False)]


def test_a_task_that_failed_is_no_reason_to_stop_and_a_refused_one_is():
    script = Scripted(a=HANDLE, poll=[failed(FailureKind.UNKNOWN, "task"), Refused(reason="nsfw")])
    begun = script.make(FIRST)
    assert script.router.poll_image(begun.pending, ()).may_retry
    refused = script.router.poll_image(begun.pending, ())
    assert (refused.failure.code, refused.may_retry) == ("refused", False)


def test_a_result_that_cannot_be_fetched_is_looked_for_again_and_then_given_up():
    script = Scripted(a=HANDLE, poll=Images(urls=("file",)))
    script.files["file"] = FetchFailed("status_403")
    pending = script.make(FIRST).pending
    assert script.router.poll_image(pending, ()) is None
    late = script.router.poll_image(replace(pending, polls=9), ())
    assert outcomes(late) == [("unknown", "result_status_403")]


def test_an_address_given_at_once_is_fetched_at_once():
    script = Scripted(a=Images(urls=("file",)))
    script.files["file"] = [FetchFailed("timeout"), b"one"]
    assert script.make(FIRST).body == b"one"


def test_what_nobody_wants_any_more_is_canceled_where_the_provider_knows_how():
    script = Scripted(a=HANDLE, cancel=NoAnswer("ReadTimeout"))
    pending = script.make(FIRST).pending
    script.router.cancel_image(pending)
    assert script.asked == ["a", "cancel"]
    script.router.cancel_image(replace(pending, cancel=""))
    assert script.asked == ["a", "cancel"]


def test_the_painter_answers_over_the_same_wire_as_everybody():
    sender = HttpSender({painter.HOST: painter.answer})
    request = image_request(width=96, height=64)
    reply = sender.send(PAINTER.start(ProviderRequest(request=request, seed=1, model="painter")), 5)
    (body,) = PAINTER.read_start(reply).bodies
    assert Image.open(io.BytesIO(body)).size == (96, 64)
    assert reply.headers["content-type"] == "image/png"


def test_the_painters_commission_carries_every_option():
    request = image_request(
        negative_prompt="rain", steps=9, guidance=2.0, temperature=0.1, quality="low", seed=5
    )
    pictures = Pictures(references=(b"a picture",), mask=b"a mask")
    wanted = ProviderRequest(request=request, seed=8, model="painter", pictures=pictures)
    commission, sent = PAINTER.start(wanted).payload
    assert sent == pictures
    assert commission == Commission(
        prompt="a red boat",
        width=512,
        height=512,
        seed=8,
        model="painter",
        negative_prompt="rain",
        steps=9,
        guidance=2.0,
        temperature=0.1,
        quality="low",
    )


@pytest.mark.parametrize(
    ("status", "kind"), [(200, Images), (422, Failed), (500, Failed), (404, Failed)]
)
def test_the_painters_replies_are_read(status, kind):
    reply = HttpReply(status=status, headers={}, body=b"")
    assert isinstance(PAINTER.read_start(reply), kind)


def test_with_stand_ins_every_model_leads_to_an_adapter():
    catalogue = whole_catalogue().reachable_by({"painter"}, TODAY, with_stand_ins=True)
    for model in catalogue.models.values():
        assert {route.provider for route in model.routes} == {"painter"}


def test_the_stand_in_is_that_of_the_catalogue_and_its_models_are_its_own():
    catalogue = whole_catalogue()
    assert {route.provider for route in catalogue.stand_ins.values()} == {STAND_IN}
    for name, model in catalogue.models.items():
        its_own = STAND_IN in {route.provider for route in model.routes}
        assert is_stand_in(STAND_IN, name) == (not its_own), name
        assert not is_stand_in("fal", name)


def test_the_painter_alone_is_in_this_process_and_no_trained_model():
    assert [name for name, row in providers().items() if row.in_process] == ["painter"]
    assert [name for name, row in providers().items() if not row.trained] == ["painter"]


def test_every_route_leads_to_an_adapter():
    check_catalogue()


def test_without_them_a_model_that_nobody_here_makes_is_not_available():
    catalogue = whole_catalogue().reachable_by({"painter"}, TODAY, with_stand_ins=False)
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
        sender_that(refuse).send(HttpRequest(method="GET", url="https://a.test"), 20)


def test_a_reply_without_end_is_cut_off(monkeypatch):
    monkeypatch.setattr("darkroom.providers.sender._MOST_BYTES", 1000)
    endless = sender_that(lambda _: httpx.Response(200, content=b"x" * 1001))
    with pytest.raises(NoAnswer, match="too_many_bytes"):
        endless.send(HttpRequest(method="GET", url="https://a.test"), 20)


def test_a_reply_that_drips_is_not_waited_for_beyond_the_total():
    slow = SlowBody(seconds=6)
    sender = sender_that(slow.answer, now=slow.now)
    with pytest.raises(NoAnswer) as nothing:
        sender.send(HttpRequest(method="GET", url="https://a.test"), 20)
    assert (nothing.value.reason, slow.sent) == ("timeout", 4)


def test_a_slow_reply_within_the_total_is_whole_and_each_request_has_a_total_of_its_own():
    slow = SlowBody(seconds=2)
    sender = sender_that(slow.answer, now=slow.now)
    for _ in range(2):
        reply = sender.send(HttpRequest(method="GET", url="https://a.test"), 20)
        assert reply.body == b"x" * 10


def test_no_read_takes_longer_than_the_whole_may():
    seen = []

    def answer(request):
        seen.append(request.extensions["timeout"])
        return httpx.Response(200)

    sender_that(answer).send(HttpRequest(method="GET", url="https://a.test"), 7)
    assert seen == [{"connect": 5, "read": 7, "write": 20, "pool": 5}]


@pytest.mark.parametrize(
    "request_",
    [
        HttpRequest(method="GET", url="https://a.test/\n"),
        HttpRequest(method="GET", url="https://a.test", headers={"x-key": "“k”"}),
    ],
)
def test_what_cannot_be_sent_has_not_arrived(request_):
    with pytest.raises(NoAnswer) as nothing:
        sender_that(lambda _: httpx.Response(200)).send(request_, 7)
    assert (nothing.value.reason, nothing.value.arrived) == ("unsendable", False)


def test_a_host_in_this_process_never_reaches_the_network():
    def backwards(request):
        return HttpReply(status=201, headers={}, body=request.body[::-1])

    sender = HttpSender({painter.HOST: backwards})
    reply = sender.send(HttpRequest(method="POST", url=f"https://{painter.HOST}/x", body=b"abc"), 5)
    assert (reply.status, reply.body) == (201, b"cba")
