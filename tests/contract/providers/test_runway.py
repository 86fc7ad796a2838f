from __future__ import annotations

from dataclasses import replace

import pytest

from darkroom.domain.worker_ports import GeneratedImage, Pictures
from darkroom.providers.interface import Failed, FailureKind, Handle, Refused
from tests.contract.providers.asking import reply
from tests.contract.providers.suite import SlowContract
from tests.fakes.upstream import Answer, picture
from tests.fakes.vendors.runway import RunwayVendor

REFERENCES = {
    "gen4_image": 3,
    "gen4_image_turbo": 3,
    "gpt_image_2": 16,
    "gemini_image3_pro": 14,
    "gemini_image3.1_flash": 14,
    "gemini_image3.1_flash_lite": 14,
    "nano_banana_2.1": 14,
    "gpt_image_2_5_flare": 16,
    "gpt_image_2_5_sunburst": 16,
    "seedream5_pro": 10,
    "seedream5_lite": 14,
    "grok_imagine_image_2": 3,
    "ideogram_4_5": 5,
}
WITH_QUALITY = ("gpt", "grok", "ideogram")


class TestRunway(SlowContract):
    vendor = RunwayVendor

    @pytest.mark.parametrize("model", REFERENCES)
    @pytest.mark.parametrize("count", [0, 1, 20])
    def test_each_model_takes_text_and_pictures(self, router, upstream, ask_for, model, count):
        if model == "gen4_image_turbo" and not count:
            pytest.skip("needs a reference")
        ask_for(model)
        made = self.make(
            router, Pictures(references=(picture(),) * count), quality="medium", width=1920
        )
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)
        sent = upstream.asked[0].json
        assert len(sent.get("referenceImages", [])) == min(count, REFERENCES[model])
        assert ("seed" in sent) == model.startswith("gen4")
        assert sent.get("outputCount") == (None if model.startswith("gen4") else 1)
        assert sent.get("quality") == ("medium" if model.startswith(WITH_QUALITY) else None)

    @pytest.mark.parametrize(
        ("asked", "ratio"),
        [
            ("gen4_image 1024x1024", "1024:1024"),
            ("gen4_image 512x512", "720:720"),
            ("gen4_image 1280x720", "1280:720"),
            ("gen4_image 1920x1080", "1920:1080"),
            ("gen4_image 768x1344", "1080:1920"),
            ("gpt_image_2 1024x1024", "1920:1920"),
            ("gemini_image3_pro 2048x2048", "2048:2048"),
            ("gemini_image3.1_flash 512x512", "512:512"),
            ("gemini_image3.1_flash_lite 512x512", "1024:1024"),
            ("nano_banana_2.1 2048x1024", "2752:1536"),
            ("grok_imagine_image_2 1000x2000", "1456:2912"),
            ("seedream5_pro 1024x1024", "1024:1024"),
            ("ideogram_4_5 1280x720", "1280:720"),
        ],
    )
    def test_the_ratio_is_the_nearest_that_is_large_enough(
        self, router, upstream, ask_for, asked, ratio
    ):
        model, size = asked.split()
        width, height = map(int, size.split("x"))
        ask_for(model)
        assert isinstance(self.make(router, width=width, height=height), GeneratedImage)
        assert upstream.asked[0].json["ratio"] == ratio

    def test_sizes_are_others_beside_a_picture_where_the_vendor_says_so(
        self, router, upstream, ask_for
    ):
        ask_for("ideogram_4_5")
        one = Pictures(references=(picture(),))
        assert isinstance(self.make(router, one, width=1024, height=576), GeneratedImage), (
            upstream.wrong
        )
        assert upstream.asked[0].json["ratio"] == "1024:576"

    def test_the_seed_is_sent_as_it_is(self, router, upstream):
        self.make(router, seed=2**32 - 1)
        assert upstream.asked[0].json["seed"] == 2**32 - 1

    def test_what_has_no_field_is_told_in_words(self, router, upstream):
        self.make(router, Pictures(references=(picture(),)), negative_prompt="rain", strength=0.9)
        prompt = upstream.asked[0].json["promptText"]
        assert "Leave out: rain." in prompt
        assert "very close" in prompt

    def test_an_image_is_waited_for_as_the_vendor_wishes(self, router, upstream):
        upstream.vendor.polls = 3
        assert isinstance(self.make(router), GeneratedImage)
        assert [asked.method for asked in upstream.asked] == ["POST", "GET", "GET", "GET", "GET"]
        assert self.begin(router).pace == 5

    def test_the_cost_is_what_the_task_says_at_its_end(self, router):
        made = self.make(router)
        assert made.attempts[-1].usd == 0.05

    def test_the_estimate_stands_until_then(self, router):
        assert self.begin(router).usd == 0.08

    @pytest.mark.parametrize(
        "code",
        ["SAFETY.INPUT.TEXT", "SAFETY.OUTPUT.IMAGE", "INPUT_PREPROCESSING.SAFETY.TEXT"],
    )
    def test_what_moderation_stopped_is_refused(self, router, upstream, code):
        upstream.vendor.ending, upstream.vendor.failure_code = "FAILED", code
        answer = self.make(router)
        assert [(a.outcome, a.reason) for a in answer.attempts] == [("refused", code)]

    @pytest.mark.parametrize(
        ("code", "outcome"),
        [
            ("INTERNAL.BAD_OUTPUT.CODE01", "unknown"),
            ("INTERNAL", "unknown"),
            ("INPUT_PREPROCESSING.INTERNAL", "unknown"),
            ("THIRD_PARTY.UNAVAILABLE", "unknown"),
            ("ASSET.INVALID", "invalid"),
        ],
    )
    def test_another_failure_keeps_its_code(self, router, upstream, code, outcome):
        upstream.vendor.ending, upstream.vendor.failure_code = "FAILED", code
        answer = self.make(router)
        assert [(a.outcome, a.reason) for a in answer.attempts] == [(outcome, code)]

    def test_a_task_that_was_canceled_is_an_unknown_outcome(self, router, upstream):
        upstream.vendor.ending = "CANCELLED"
        answer = self.make(router)
        assert [(a.outcome, a.reason) for a in answer.attempts] == [("unknown", "canceled")]

    def test_a_task_that_vanished_may_have_been_paid(self, router, upstream):
        pending = self.begin(router)
        upstream.vendor.looks.clear()
        answer = router.poll_image(pending, ())
        assert [(a.outcome, a.reason) for a in answer.attempts] == [("unknown", "task_gone")]

    def test_an_address_that_has_expired_is_fresh_at_the_next_look(self, router, upstream):
        pending = self.begin(router)
        upstream.vendor.polls = 0
        keep, upstream.keep = upstream.keep, lambda _body: f"{upstream.url}/files/gone.png"
        assert router.poll_image(pending, ()) is None
        upstream.keep = keep
        assert isinstance(router.poll_image(replace(pending, polls=1), ()), GeneratedImage)

    def test_an_image_that_nobody_wants_is_canceled(self, router, upstream):
        pending = self.begin(router)
        router.cancel_image(pending)
        assert upstream.vendor.deleted == [pending.id]

    def test_an_id_stays_within_its_path(self, adapter, upstream):
        body = {"id": "../organization", "estimatedCost": {"credits": 5}}
        handle = adapter.read_start(reply(Answer(body=body)))
        assert isinstance(handle, Handle)
        assert handle.poll == handle.cancel == f"{upstream.url}/v1/tasks/..%2Forganization"

    def test_the_kinds_of_a_bad_request_are_told_apart(self, adapter, upstream):
        for kind, reason in [("no_funds", "no_credits"), ("model_gone", "unknown_model")]:
            answer = adapter.read_start(reply(upstream.vendor.trouble(kind)))
            assert answer == Failed(kind=FailureKind(kind), reason=reason)

    def test_a_failure_without_a_code_is_one(self, adapter):
        answer = adapter.read_poll(reply(Answer(body={"status": "FAILED", "failure": "words"})))
        assert answer == Failed(kind=FailureKind.UNKNOWN, reason="failed")
        assert not isinstance(answer, Refused)
