from __future__ import annotations

import pytest

from darkroom.domain.worker_ports import GeneratedImage, Pictures
from darkroom.providers.interface import Failed, Images, Refused
from tests.contract.providers.asking import reply
from tests.contract.providers.suite import ProviderContract
from tests.fakes.upstream import Answer, picture
from tests.fakes.vendors.xai import XaiVendor


class TestXai(ProviderContract):
    vendor = XaiVendor

    @pytest.mark.parametrize("model", XaiVendor.models)
    @pytest.mark.parametrize("count", [0, 1, 2, 3])
    def test_each_model_takes_text_and_pictures(self, router, upstream, ask_for, model, count):
        ask_for(model)
        made = self.make(router, Pictures(references=(picture(),) * count))
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)
        path = "/images/edits" if count else "/images/generations"
        assert [asked.path for asked in upstream.asked] == [path]

    @pytest.mark.parametrize(
        ("count", "width", "height", "sent"),
        [
            (0, 64, 64, ("1:1", "1k")),
            (0, 1920, 1080, ("16:9", "2k")),
            (0, 1024, 2276, ("9:20", "2k")),
            (1, 500, 1111, ("1:2", "1k")),
        ],
    )
    def test_the_shape_and_then_the_size(self, router, upstream, count, width, height, sent):  # noqa: PLR0917
        pictures = Pictures(references=(picture(),) * count)
        self.make(router, pictures, width=width, height=height)
        body = upstream.asked[0].json
        assert (body["aspect_ratio"], body["resolution"]) == sent

    @pytest.mark.parametrize(
        ("model", "sent"), [("grok-imagine-image", None), ("grok-imagine-image-2.0", "medium")]
    )
    def test_quality_is_sent_where_it_is_known(self, router, upstream, ask_for, model, sent):
        ask_for(model)
        assert isinstance(self.make(router, quality="medium"), GeneratedImage)
        assert upstream.asked[0].json.get("quality") == sent

    def test_what_has_no_field_is_told_in_words(self, router, upstream):
        self.make(router, Pictures(references=(picture(),)), negative_prompt="rain", strength=0.1)
        prompt = upstream.asked[0].json["prompt"]
        assert "Leave out: rain." in prompt
        assert "loose" in prompt

    def test_what_it_bills_is_known(self, router):
        (attempt,) = self.make(router).attempts
        assert attempt.usd == pytest.approx(0.022)

    def test_a_bill_of_more_than_ten_cents_is_known_too(self, adapter, upstream):
        upstream.vendor.images = 10
        body = upstream.vendor._made()
        assert adapter.read_start(reply(body)).usd == pytest.approx(0.22)

    def test_an_image_that_moderation_took_away_is_refused(self, router, upstream):
        upstream.vendor.is_clean = False
        (attempt,) = self.make(router).attempts
        assert (attempt.outcome, attempt.reason) == ("refused", "respect_moderation")

    def test_what_moderation_left_of_several_is_taken(self, adapter):
        clean = {"b64_json": "AAAA", "respect_moderation": True}
        data = {"data": [{"b64_json": "", "respect_moderation": False}, clean]}
        images = adapter.read_start(reply(Answer(body=data)))
        assert isinstance(images, Images)
        assert len(images.bodies) == 1

    def test_a_prompt_that_was_blocked_is_refused(self, router, upstream):
        upstream.vendor.block_reason = "words of theirs"
        answer = self.make(router)
        assert [each.outcome for each in answer.attempts] == ["refused"]
        assert "words of theirs" not in repr(answer)

    @pytest.mark.parametrize(
        ("kind", "outcome"),
        [
            ("guidelines", "refused"),
            ("new_team", "no_funds"),
            ("forbidden", "unauthorized"),
            ("unprocessable", "invalid"),
        ],
    )
    def test_further_errors_are_told_apart(self, router, upstream, kind, outcome):
        upstream.vendor.script = [kind]
        assert [each.outcome for each in self.make(router).attempts] == [outcome]

    def test_errors_in_the_common_shape_are_read_too(self, adapter):
        said = {"error": {"message": "Content violates usage guidelines.", "code": "x"}}
        assert isinstance(adapter.read_start(reply(Answer(status=403, body=said))), Refused)

    def test_how_long_to_wait_is_heard(self, adapter, upstream):
        failed = adapter.read_start(reply(upstream.vendor.trouble("rate_limited")))
        assert isinstance(failed, Failed)
        assert failed.retry_after == 11
