from __future__ import annotations

import io

import pytest
from PIL import Image

from darkroom.domain.image_request import Reference
from darkroom.domain.worker_ports import GeneratedImage, Pictures
from darkroom.providers.interface import Failed, FailureKind, Refused
from tests.contract.providers.asking import reply
from tests.contract.providers.suite import ProviderContract
from tests.fakes.upstream import Answer, picture
from tests.fakes.vendors.stability import StabilityVendor, read_form

MODELS = ["ultra", "core", "sd3.5-large", "sd3.5-large-turbo", "sd3.5-medium"]


def sent(upstream):
    return read_form(upstream.asked[0])


class TestStability(ProviderContract):
    vendor = StabilityVendor
    takes_references = 1
    takes_mask = True

    @pytest.mark.parametrize("model", MODELS)
    @pytest.mark.parametrize("count", [0, 1, 2])
    def test_each_model_takes_what_the_catalogue_lets_through(
        self, router, upstream, ask_for, model, count
    ):
        ask_for(model)
        made = self.make(
            router,
            Pictures(references=(picture(200, 100),) * count),
            width=1920,
            height=1080,
            negative_prompt="rain",
            guidance=20.0,
            strength=0.9,
        )
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)
        assert ("image" in sent(upstream)) == (count > 0 and model != "core")

    @pytest.mark.parametrize(
        ("model", "path"),
        [
            ("ultra", "generate/ultra"),
            ("core", "generate/core"),
            ("sd3.5-large", "generate/sd3"),
            ("sd3.5-medium", "generate/sd3"),
        ],
    )
    def test_each_model_has_its_service(self, router, upstream, ask_for, model, path):
        ask_for(model)
        assert isinstance(self.make(router, width=1920, height=1080), GeneratedImage)
        assert upstream.asked[0].path == f"/v2beta/stable-image/{path}"
        assert sent(upstream)["aspect_ratio"] == "16:9"
        assert sent(upstream)["output_format"] == "png"

    @pytest.mark.parametrize(
        ("seed", "theirs"), [(7, 7), (2**32 - 2, 2**32 - 2), (2**32 - 1, 1), (0, 1)]
    )
    def test_a_seed_is_never_the_one_that_means_any(self, router, upstream, seed, theirs):
        self.make(router, seed=seed)
        assert sent(upstream)["seed"] == theirs

    @pytest.mark.parametrize(
        ("strength", "theirs"), [(None, 0.5), (1.0, 0.0), (0.9, 0.1), (0.0, 1.0)]
    )
    def test_strength_is_how_much_changes(self, router, upstream, strength, theirs):
        pictures = Pictures(references=(picture(100, 100),))
        assert isinstance(self.make(router, pictures, strength=strength), GeneratedImage)
        assert sent(upstream)["strength"] == theirs

    @pytest.mark.parametrize("model", ["sd3.5-large", "sd3.5-large-turbo"])
    def test_a_picture_gives_sd3_its_shape(self, router, upstream, ask_for, model):
        ask_for(model)
        pictures = Pictures(references=(picture(200, 100),))
        assert isinstance(self.make(router, pictures, guidance=0.5), GeneratedImage), upstream.wrong
        assert sent(upstream)["mode"] == "image-to-image"
        assert sent(upstream)["model"] == model
        assert sent(upstream)["cfg_scale"] == 1
        assert "aspect_ratio" not in sent(upstream)

    def test_what_has_a_field_is_not_told_in_words(self, router, upstream):
        self.make(router, negative_prompt="rain")
        assert sent(upstream)["negative_prompt"] == "rain"
        assert sent(upstream)["prompt"] == "a red boat"

    def test_turbo_is_told_in_words_what_to_leave_out(self, router, upstream, ask_for):
        ask_for("sd3.5-large-turbo")
        assert isinstance(self.make(router, negative_prompt="rain"), GeneratedImage), upstream.wrong
        assert "Leave out: rain." in sent(upstream)["prompt"]

    def test_a_mask_is_white_where_the_picture_is_to_change(self, router, upstream):
        white = io.BytesIO()
        Image.new("L", (50, 50), 255).save(white, "PNG")
        pictures = Pictures(references=(picture(200, 100),), mask=white.getvalue())
        made = self.make(
            router, pictures, mask=Reference(url="https://a.test/m.png"), negative_prompt="rain"
        )
        assert isinstance(made, GeneratedImage), upstream.wrong
        assert upstream.asked[0].path == "/v2beta/stable-image/edit/inpaint"
        masks = [content for name, _, content in upstream.asked[0].form if name == "mask"]
        mask = Image.open(io.BytesIO(masks[0]))
        assert (mask.size, mask.getextrema()) == ((200, 100), (255, 255))
        assert sent(upstream)["negative_prompt"] == "rain"

    def test_a_background_is_taken_away_without_words(self, router, upstream, ask_for):
        ask_for("remove-background")
        pictures = Pictures(references=(picture(200, 100),))
        assert isinstance(self.make(router, pictures, prompt=""), GeneratedImage), upstream.wrong
        assert upstream.asked[0].path == "/v2beta/stable-image/edit/remove-background"
        assert sent(upstream) == {"image": "a file", "output_format": "png"}

    def test_a_blurred_picture_is_a_refusal(self, router, upstream):
        upstream.vendor.finish_reason = "CONTENT_FILTERED"
        answer = self.make(router)
        assert [(a.outcome, a.reason) for a in answer.attempts] == [("refused", "CONTENT_FILTERED")]

    def test_the_likeness_of_somebody_known_is_refused(self, adapter, upstream):
        answer = adapter.read_start(reply(upstream.vendor.trouble("public_figure")))
        assert answer == Refused(reason="public_figure")

    def test_another_language_is_invalid(self, adapter, upstream):
        answer = adapter.read_start(reply(upstream.vendor.trouble("invalid_language")))
        assert answer == Failed(kind=FailureKind.INVALID, reason="invalid_language")

    def test_a_key_without_rights_is_no_refusal(self, adapter):
        body = {"id": "1", "name": "permission_denied", "errors": ["words"]}
        answer = adapter.read_start(reply(Answer(status=403, body=body)))
        assert answer.kind is FailureKind.UNAUTHORIZED

    def test_who_asks_too_often_is_shut_out_for_a_minute(self, adapter, upstream):
        answer = adapter.read_start(reply(upstream.vendor.trouble("rate_limited")))
        assert answer == Failed(
            kind=FailureKind.RATE_LIMITED, reason="rate_limit_exceeded", retry_after=60
        )
