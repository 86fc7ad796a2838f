from __future__ import annotations

import io

import pytest
from PIL import Image

from darkroom.domain.worker_ports import GeneratedImage, GenerationFailed, Pictures
from darkroom.providers.interface import Failed, Images
from darkroom.providers.registry import providers
from tests.contract.providers.asking import reply
from tests.contract.providers.suite import ProviderContract
from tests.fakes.upstream import Answer, picture
from tests.fakes.vendors.gemini import GeminiVendor, VertexVendor

REFUSED = (
    "SAFETY",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
    "PROHIBITED_CONTENT",
    "RECITATION",
    "BLOCKLIST",
    "SPII",
)
IMAGEN = (
    "imagen-4.0-generate-001",
    "imagen-4.0-fast-generate-001",
    "imagen-4.0-ultra-generate-001",
)
NOT_MADE = ("NO_IMAGE", "IMAGE_OTHER", "OTHER", "MAX_TOKENS", "LANGUAGE", "MALFORMED_RESPONSE")


def sent(upstream):
    return upstream.asked[0].json["generationConfig"]


class GoogleContract(ProviderContract):
    @pytest.mark.parametrize("model", GeminiVendor.models)
    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_each_model_takes_text_and_pictures(self, router, upstream, ask_for, model, count):
        ask_for(model)
        made = self.make(router, Pictures(references=(picture(),) * count))
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)
        parts = upstream.asked[0].json["contents"][0]["parts"]
        assert [*parts[0]] == ["text"]
        assert len(parts) == 1 + count

    def test_sketches_are_no_images(self, router):
        made = self.make(router)
        assert Image.open(io.BytesIO(made.body)).size == (64, 48)

    def test_the_seed_is_brought_into_31_bits(self, router, upstream):
        assert isinstance(self.make(router, seed=2**32 - 1), GeneratedImage)
        assert sent(upstream)["seed"] == 2**31 - 1

    def test_temperature_is_sent_only_where_asked_for(self, router, upstream):
        self.make(router)
        self.make(router, temperature=0.5)
        first, second = (asked.json["generationConfig"] for asked in upstream.asked)
        assert "temperature" not in first
        assert second["temperature"] == 0.5

    def test_what_has_no_field_is_told_in_words(self, router, upstream):
        self.make(router, Pictures(references=(picture(),)), negative_prompt="rain", strength=0.9)
        prompt = upstream.asked[0].json["contents"][0]["parts"][0]["text"]
        assert "Leave out: rain." in prompt
        assert "very close" in prompt

    @pytest.mark.parametrize("reason", ["SAFETY", "OTHER", "BLOCKLIST", "IMAGE_SAFETY"])
    def test_a_blocked_prompt_is_refused(self, router, upstream, reason):
        upstream.vendor.block_reason = reason
        (attempt,) = self.make(router).attempts
        assert (attempt.outcome, attempt.reason) == ("refused", reason)

    @pytest.mark.parametrize("reason", REFUSED)
    def test_a_blocked_image_is_refused(self, router, upstream, reason):
        upstream.vendor.finish_reason = reason
        (attempt,) = self.make(router).attempts
        assert (attempt.outcome, attempt.reason) == ("refused", reason)

    @pytest.mark.parametrize("reason", NOT_MADE)
    def test_an_answer_without_an_image_may_be_tried_again(self, router, upstream, reason):
        upstream.vendor.finish_reason = reason
        answer = self.make(router)
        assert isinstance(answer, GenerationFailed)
        assert answer.may_retry
        assert [(each.outcome, each.reason) for each in answer.attempts] == [("unknown", reason)]

    def test_an_account_that_was_shut_out_is_no_refusal(self, router, upstream):
        upstream.vendor.finish_reason = "PUP_LIMITED_DISABLED"
        assert [each.outcome for each in self.make(router).attempts] == ["unauthorized"]

    def test_how_long_to_wait_is_read_from_the_details(self, adapter, upstream):
        failed = adapter.read_start(reply(upstream.vendor.trouble("rate_limited")))
        assert isinstance(failed, Failed)
        assert failed.retry_after == 23

    def test_a_header_is_heard_where_the_details_say_nothing(self, adapter):
        body = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}
        failed = adapter.read_start(
            reply(Answer(status=429, body=body, headers={"retry-after": "7"}))
        )
        assert failed.retry_after == 7

    @pytest.mark.parametrize(
        ("kind", "outcome"), [("cut_off", "unknown"), ("no_billing", "no_funds")]
    )
    def test_further_errors_are_told_apart(self, router, upstream, kind, outcome):
        upstream.vendor.script = [kind]
        assert [each.outcome for each in self.make(router).attempts] == [outcome]

    def test_the_model_that_answered_is_known(self, adapter, upstream):
        images = adapter.read_start(reply(upstream.vendor.made("gemini-nano-banana-2.1")))
        assert isinstance(images, Images)
        assert images.model == "gemini-nano-banana-2.1"


class TestGemini(GoogleContract):
    vendor = GeminiVendor

    @pytest.mark.parametrize(
        "case",
        [
            ("gemini-2.5-flash-image", (1920, 1080), {"aspectRatio": "16:9"}),
            ("gemini-3-pro-image", (64, 64), {"aspectRatio": "1:1", "imageSize": "1K"}),
            ("gemini-3-pro-image", (1920, 1080), {"aspectRatio": "16:9", "imageSize": "2K"}),
            ("gemini-3-pro-image", (4096, 512), {"aspectRatio": "21:9", "imageSize": "4K"}),
            ("gemini-3.1-flash-image", (64, 64), {"aspectRatio": "1:1", "imageSize": "512"}),
            ("gemini-3.1-flash-image", (4096, 512), {"aspectRatio": "8:1", "imageSize": "2K"}),
            ("gemini-nano-banana-2.1", (512, 2048), {"aspectRatio": "1:4", "imageSize": "1K"}),
        ],
    )
    def test_the_shape_and_then_the_size(self, router, upstream, ask_for, case):
        model, (width, height), image = case
        ask_for(model)
        assert isinstance(self.make(router, width=width, height=height), GeneratedImage)
        assert sent(upstream)["imageConfig"] == image


class TestVertex(GoogleContract):
    vendor = VertexVendor

    def with_token(self, upstream, **changes):
        account = {
            "base_url": upstream.url,
            "token": VertexVendor.token,
            "project": VertexVendor.project,
            "location": "europe-west4",
            **changes,
        }
        return providers()["vertex"].adapter_for(account)

    def test_a_token_is_for_a_project_and_a_place(self, upstream):
        adapter = self.with_token(upstream)
        assert isinstance(self.make(self.router_with(adapter, 5)), GeneratedImage)
        assert upstream.asked[0].path == (
            "/projects/their-project/locations/europe-west4/publishers/google"
            "/models/gemini-3-pro-image:generateContent"
        )
        assert self.sender().send(adapter.check(), 5).status == 200

    def test_an_old_token_is_one(self, upstream):
        adapter = self.with_token(upstream, token="yesterday's")
        answer = self.make(self.router_with(adapter, 5))
        assert [attempt.outcome for attempt in answer.attempts] == ["unauthorized"]

    def test_a_token_without_a_project_is_no_account(self):
        assert not providers()["vertex"].can_be_asked_with({"token": VertexVendor.token})

    @pytest.mark.parametrize(
        ("account", "base"),
        [
            ({"key": "k"}, "https://aiplatform.googleapis.com/v1"),
            ({"key": "k", "location": "us-east5"}, "https://aiplatform.googleapis.com/v1"),
            ({"token": "t", "project": "p"}, "https://aiplatform.googleapis.com/v1"),
            (
                {"token": "t", "project": "p", "location": "us-east5"},
                "https://us-east5-aiplatform.googleapis.com/v1",
            ),
            (
                {"token": "t", "project": "p", "location": "eu"},
                "https://aiplatform.eu.rep.googleapis.com/v1",
            ),
        ],
    )
    def test_each_place_has_its_host(self, account, base):
        assert providers()["vertex"].adapter_for(account).base == base

    def test_the_format_is_one_that_loses_nothing(self, router, upstream):
        self.make(router, width=4096, height=512)
        assert sent(upstream)["imageConfig"] == {
            "aspectRatio": "21:9",
            "imageSize": "4K",
            "imageOutputOptions": {"mimeType": "image/png"},
        }

    @pytest.mark.parametrize("model", IMAGEN)
    def test_imagen_has_gone(self, router, ask_for, model):
        ask_for(model)
        assert [each.outcome for each in self.make(router).attempts] == ["model_gone"]
