from __future__ import annotations

from dataclasses import replace

import pytest

from darkroom.domain.worker_ports import GeneratedImage, Pictures
from darkroom.providers.interface import Failed, HttpReply
from tests.contract.providers.suite import ProviderContract
from tests.fakes.upstream import picture
from tests.fakes.vendors.openrouter import OpenRouterVendor


class TestOpenRouter(ProviderContract):
    vendor = OpenRouterVendor

    @pytest.mark.parametrize("model", OpenRouterVendor.models)
    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_each_model_takes_text_and_pictures(self, router, upstream, ask_for, model, count):
        ask_for(model)
        made = self.make(router, Pictures(references=(picture(),) * count), seed=2**32 - 1)
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)
        assert len(upstream.asked[0].json.get("input_references", [])) == count

    @pytest.mark.parametrize(
        ("model", "sent"),
        [
            (
                "sourceful/riverflow-v2-pro",
                {"aspect_ratio": "16:9", "resolution": "2K", "output_format": "png"},
            ),
            (
                "sourceful/riverflow-v2-fast",
                {"aspect_ratio": "16:9", "resolution": "2K", "output_format": "png"},
            ),
            ("sourceful/riverflow-v2.6-pro", {"aspect_ratio": "16:9", "resolution": "2K"}),
            ("google/gemini-3-pro-image", {"aspect_ratio": "16:9", "resolution": "2K"}),
            (
                "bytedance-seed/seedream-4.5",
                {"aspect_ratio": "16:9", "resolution": "2K", "seed": 2**31 - 1},
            ),
            ("recraft/recraft-v4.1", {"aspect_ratio": "16:9"}),
        ],
    )
    def test_a_model_is_sent_what_it_knows(self, router, upstream, ask_for, model, sent):
        ask_for(model)
        self.make(router, width=1920, height=1080, seed=2**32 - 1)
        common = {"model": model, "prompt": "a red boat", "n": 1}
        assert upstream.asked[0].json == common | sent

    def test_what_has_no_field_is_told_in_words(self, router, upstream):
        self.make(router, Pictures(references=(picture(),)), negative_prompt="rain", strength=0.5)
        prompt = upstream.asked[0].json["prompt"]
        assert "Leave out: rain." in prompt
        assert "main features" in prompt

    def test_what_it_bills_is_known(self, router):
        (attempt,) = self.make(router).attempts
        assert attempt.usd == 0.15

    def test_a_model_that_it_has_never_had_is_gone(self, router, ask_for):
        ask_for("sourceful/riverflow-v1")
        (attempt,) = self.make(router).attempts
        assert (attempt.outcome, attempt.reason) == ("model_gone", "unknown_model")

    @pytest.mark.parametrize(
        ("kind", "outcome"),
        [
            ("flagged", "refused"),
            ("forbidden", "unauthorized"),
            ("too_large", "invalid"),
            ("overloaded", "transient"),
            ("cut_off", "unknown"),
            ("slow", "unknown"),
        ],
    )
    def test_further_errors_are_told_apart(self, router, upstream, kind, outcome):
        upstream.vendor.script = [kind]
        assert [each.outcome for each in self.make(router).attempts] == [outcome]

    @pytest.mark.parametrize(
        ("kind", "outcome"), [("moderation", "refused"), ("transient", "unknown")]
    )
    def test_an_error_after_a_good_status_is_one(self, router, upstream, kind, outcome):
        late = replace(upstream.vendor.trouble(kind), status=200)
        upstream.vendor.next_trouble = lambda: late
        assert [each.outcome for each in self.make(router).attempts] == [outcome]

    def test_how_long_to_wait_is_heard(self, adapter, upstream):
        said = upstream.vendor.trouble("rate_limited")
        failed = adapter.read_start(
            HttpReply(status=said.status, headers=said.headers, body=said.bytes)
        )
        assert isinstance(failed, Failed)
        assert failed.retry_after == 5
