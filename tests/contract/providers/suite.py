"""What every adapter does, against its vendor on loopback. To be inherited:

class TestOpenAi(ProviderContract):
    vendor = OpenAiVendor
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import ClassVar

import pytest
from PIL import Image

from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.image_request import Reference
from darkroom.domain.web_addresses import WebPolicy
from darkroom.domain.worker_ports import (
    GeneratedImage,
    GenerationFailed,
    GenerationRequest,
    GenerationStarted,
    Pictures,
)
from darkroom.fetching.fetcher import SafeFetcher
from darkroom.fetching.web import PublicWeb
from darkroom.providers.interface import Failed, Handle, Images, Pending, Refused
from darkroom.providers.registry import providers
from darkroom.providers.router import ProviderRouter
from darkroom.providers.sender import HttpSender
from tests.builders import image_request
from tests.contract.providers.asking import serving
from tests.contract.providers.broken import broken_replies
from tests.fakes.descriptions import FOLDER
from tests.fakes.upstream import LOOPBACK, Upstream, Vendor, picture

MANY = 10_000
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
STARTED = (Images, Handle, Refused, Failed)
POLLED = (Images, Handle, Pending, Refused, Failed)


class NeverOpen:
    """A breaker that lets everything through."""

    def open_for(self, _route):
        return 0

    def failed(self, _route, *, open_for):
        pass

    def succeeded(self, _route):
        pass


class ProviderContract:
    vendor: ClassVar[type[Vendor]]
    # Whether the vendor's model takes them.
    takes_references: ClassVar[bool] = True
    takes_mask: ClassVar[bool] = False
    # How long the sender waits, for the tests of silence.
    total_seconds: ClassVar[float] = 5

    @pytest.fixture
    def upstream(self):
        self.senders = []
        with serving(self.vendor()) as upstream:
            yield upstream
        for sender in self.senders:
            sender.close()

    def sender(self):
        self.senders.append(HttpSender({}))
        return self.senders[-1]

    @pytest.fixture
    def ask_for(self, monkeypatch):
        """Another of the vendor's models than most tests ask for."""
        return partial(monkeypatch.setattr, self.vendor, "model")

    @pytest.fixture
    def adapter(self, upstream):
        return self.adapter_at(upstream)

    def adapter_at(self, upstream):
        return providers()[upstream.vendor.name].adapter_for(upstream.account)

    @pytest.fixture
    def router(self, adapter):
        return self.router_with(adapter, self.total_seconds)

    def router_with(self, adapter, total_seconds):
        self.time = NOW
        return ProviderRouter(
            adapter_of=lambda _name: adapter,
            sender=self.sender(),
            seconds=total_seconds,
            fetcher=SafeFetcher(PublicWeb(WebPolicy(allowed_hosts=frozenset({LOOPBACK})))),
            breaker=NeverOpen(),
            now=lambda: self.time,
        )

    def make(self, router, pictures=None, **changes):
        """The image, asked after as often as it takes, or why there is none."""
        pictures = pictures or Pictures()
        if pictures.references:
            changes["references"] = (Reference(url="https://a.test/a.png"),) * len(
                pictures.references
            )
        generation = GenerationRequest(
            request=image_request(**changes), slot=0, token="image-1", pictures=pictures
        )
        answer = router.make(generation, [self.route])
        for _ in range(20):
            if not isinstance(answer, GenerationStarted | None):
                break
            if isinstance(answer, GenerationStarted):
                pending = answer.pending
            self.time += timedelta(seconds=pending.pace)
            answer = router.poll_image(pending, ())
        return answer

    @property
    def route(self):
        return ProviderRoute(provider=self.vendor.name, model=self.vendor.model)

    @pytest.mark.parametrize(
        ("width", "height"), [(1024, 1024), (1920, 1080), (1080, 1920), (64, 64), (4096, 4096)]
    )
    def test_an_image_is_made(self, router, upstream, width, height):
        made = self.make(router, width=width, height=height)
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)
        assert Image.open(io.BytesIO(made.body)).size
        assert [attempt.outcome for attempt in made.attempts] == ["made"]

    def test_what_is_sent_is_what_the_vendors_own_description_allows(self, router, upstream):
        if not upstream.vendor.description:
            pytest.skip("this vendor publishes no description")
        if not (FOLDER / upstream.vendor.description).is_file():
            pytest.skip(f"{upstream.vendor.description} is not on this machine")
        assert isinstance(self.make(router), GeneratedImage)
        assert upstream.vendor.described

    def test_every_wish_is_sent_in_a_way_that_the_vendor_takes(self, router, upstream):
        made = self.make(router, negative_prompt="rain", seed=2**32 - 1)
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)

    def test_references_are_sent(self, router, upstream):
        if not self.takes_references:
            pytest.skip("takes no references")
        references = (picture(200, 100), picture(90, 160, "red", "JPEG"))
        count = 2 if self.takes_references is True else int(self.takes_references)
        made = self.make(router, Pictures(references=references[:count]), strength=0.9)
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)
        assert not self._alike(self.vendor, upstream)

    def test_a_mask_is_sent(self, router, upstream):
        if not self.takes_mask:
            pytest.skip("takes no mask")
        mask = io.BytesIO()
        Image.new("L", (50, 50), 255).save(mask, "PNG")
        pictures = Pictures(references=(picture(200, 100),), mask=mask.getvalue())
        made = self.make(router, pictures, mask=Reference(url="https://a.test/m.png"))
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)

    def _alike(self, vendor, upstream):
        """Whether the request is the one that goes out without references."""
        with Upstream(vendor()) as other:
            self.make(self.router_with(self.adapter_at(other), self.total_seconds))
            first, second = other.asked[0], upstream.asked[0]
        return (first.path, first.body) == (second.path, second.body)

    def test_more_images_than_asked_for_are_one(self, router, upstream):
        upstream.vendor.images = 3
        assert isinstance(self.make(router), GeneratedImage)

    def test_no_image_in_a_good_answer_is_an_unknown_outcome(self, router, upstream):
        upstream.vendor.images = 0
        answer = self.make(router)
        assert isinstance(answer, GenerationFailed)
        assert answer.attempts[-1].outcome == "unknown"

    @pytest.mark.parametrize(
        "trouble",
        [
            "moderation",
            "invalid",
            "rate_limited",
            "no_funds",
            "unauthorized",
            "model_gone",
            "transient",
        ],
    )
    def test_the_vendors_errors_are_told_apart(self, router, upstream, trouble):
        if trouble not in upstream.vendor.troubles:
            pytest.skip("this vendor has no way to say it")
        upstream.vendor.script = [trouble]
        answer = self.make(router)
        assert isinstance(answer, GenerationFailed)
        (attempt,) = answer.attempts
        assert attempt.outcome == ("refused" if trouble == "moderation" else trouble)
        assert attempt.reason
        assert answer.may_retry == (trouble not in {"moderation", "invalid"})
        assert "words of theirs" not in repr(answer)

    def test_a_wrong_key_is_one(self, upstream):
        adapter = providers()[upstream.vendor.name].adapter_for(
            {**upstream.account, "key": "another-key"}
        )
        answer = self.make(self.router_with(adapter, self.total_seconds))
        assert [attempt.outcome for attempt in answer.attempts] == ["unauthorized"]

    def test_a_harmless_request_tells_a_good_key_from_another(self, adapter, upstream):
        request = adapter.check()
        if request is None:
            pytest.skip("this vendor has no harmless request")
        sender = self.sender()
        assert sender.send(request, 5).status == 200
        assert [asked.method for asked in upstream.asked] == [request.method]
        other = providers()[upstream.vendor.name].adapter_for(
            {**upstream.account, "key": "another-key"}
        )
        assert sender.send(other.check(), 5).status in {400, 401, 403}

    @pytest.mark.parametrize("fault", ["truncated", "html"])
    def test_an_answer_that_cannot_be_read_is_an_unknown_outcome(self, router, upstream, fault):
        upstream.faults = [fault]
        answer = self.make(router)
        assert [attempt.outcome for attempt in answer.attempts] == ["unknown"]
        assert answer.may_retry

    def test_silence_after_the_request_is_an_unknown_outcome(self, adapter, upstream):
        upstream.faults = ["silent"]
        answer = self.make(self.router_with(adapter, 0.2))
        assert [attempt.outcome for attempt in answer.attempts] == ["unknown"]

    def test_nobody_there_is_known_to_have_made_nothing(self, adapter, upstream):
        upstream.__exit__()
        answer = self.make(self.router_with(adapter, self.total_seconds))
        assert [attempt.outcome for attempt in answer.attempts] == ["transient"]

    def test_ten_thousand_broken_replies_are_an_outcome_each(self, adapter, upstream):
        self.make(self.router_with(adapter, self.total_seconds))
        real = [upstream.vendor.trouble(kind).bytes for kind in upstream.vendor.troubles]
        real += self.replies_seen(upstream)
        for reply in broken_replies(real, MANY // 2):
            assert isinstance(adapter.read_start(reply), STARTED)
            assert isinstance(adapter.read_poll(reply), POLLED)

    def replies_seen(self, upstream):
        """What the vendor said of an image that was made."""
        again = [upstream.vendor.answer(asked).bytes for asked in list(upstream.asked)[:4]]
        return [body[:100_000] for body in again]


class SlowContract(ProviderContract):
    """Of those that make an image in their own time."""

    def begin(self, router):
        """What is kept of an image in the making."""
        generation = GenerationRequest(
            request=image_request(), slot=0, token="image-1", pictures=Pictures()
        )
        begun = router.make(generation, [self.route])
        assert isinstance(begun, GenerationStarted)
        return begun.pending

    def test_a_result_that_is_gone_is_asked_for_again_and_then_given_up(self, router, upstream):
        pending = self.begin(router)
        upstream.vendor.polls = 0
        upstream.keep = lambda _body: f"{upstream.url}/files/gone.png"
        assert router.poll_image(pending, ()) is None
        answer = router.poll_image(replace(pending, polls=3), ())
        assert isinstance(answer, GenerationFailed)
        (attempt,) = answer.attempts
        assert attempt.outcome == "unknown"
        assert attempt.reason.startswith("result_")
