from __future__ import annotations

import io
import json

import pytest
from PIL import Image

from darkroom.domain.image_request import Reference
from darkroom.domain.worker_ports import GeneratedImage, GenerationFailed, Pictures
from darkroom.providers.interface import Failed, FailureKind, Refused
from tests.contract.providers.asking import reply
from tests.contract.providers.suite import ProviderContract
from tests.fakes.upstream import Answer, picture
from tests.fakes.vendors.ideogram import IdeogramVendor

LEGACY = ["V_2", "V_2_TURBO", "V_2A", "V_2A_TURBO", "V_1"]


def parts(asked, name):
    return [content for found, _, content in asked.form if found == name]


class Ideogram45Vendor(IdeogramVendor):
    model = "ideogram-4-5"
    # Its address is younger than the vendor's description that we have.
    description = ""


class TestIdeogram45(ProviderContract):
    vendor = Ideogram45Vendor
    takes_mask = True

    @pytest.mark.parametrize(
        ("size", "sent"),
        [((64, 64), "1024x1024"), ((1280, 720), "1280x720"), ((2048, 1152), "2560x1440")],
    )
    def test_out_of_words_it_has_the_sizes_of_a_list(self, router, upstream, size, sent):
        assert isinstance(
            self.make(router, width=size[0], height=size[1], quality="low"), GeneratedImage
        )
        asked = upstream.asked[0]
        assert asked.path == "/v2/image/generate/ideogram-4-5"
        assert (asked.json["size"], asked.json["quality"]) == (sent, "low")

    @pytest.mark.parametrize(
        ("size", "sent"),
        [((64, 64), b"256x256"), ((1000, 700), b"992x704"), ((4096, 256), b"2304x448")],
    )
    def test_beside_pictures_the_size_is_free(self, router, upstream, size, sent):
        pictures = Pictures(references=(picture(200, 100),) * 5)
        made = self.make(router, pictures, width=size[0], height=size[1])
        assert isinstance(made, GeneratedImage), upstream.wrong
        assert parts(upstream.asked[0], "size") == [sent]
        assert len(parts(upstream.asked[0], "images")) == 5

    def test_a_mask_is_black_where_the_first_picture_is_to_change(self, router, upstream):
        white = io.BytesIO()
        Image.new("L", (50, 50), 255).save(white, "PNG")
        pictures = Pictures(references=(picture(200, 100),), mask=white.getvalue())
        made = self.make(router, pictures, mask=Reference(url="https://a.test/m.png"))
        assert isinstance(made, GeneratedImage), upstream.wrong
        (mask,) = parts(upstream.asked[0], "mask")
        assert Image.open(io.BytesIO(mask)).getextrema() == (0, 0)
        assert parts(upstream.asked[0], "size") == [b"source"]


class TestIdeogram(ProviderContract):
    vendor = IdeogramVendor
    takes_mask = True

    def edit(self, router):
        white = io.BytesIO()
        Image.new("L", (50, 50), 255).save(white, "PNG")
        pictures = Pictures(references=(picture(200, 100), picture()), mask=white.getvalue())
        return self.make(
            router, pictures, mask=Reference(url="https://a.test/m.png"), negative_prompt="rain"
        )

    @pytest.mark.parametrize(
        ("width", "height", "resolution"),
        [
            (1024, 1024, "1024x1024"),
            (1920, 1080, "1312x736"),
            (1080, 1920, "736x1312"),
            (2100, 900, "1472x640"),
        ],
    )
    def test_the_resolution_is_the_nearest_in_shape(
        self, router, upstream, width, height, resolution
    ):
        assert isinstance(self.make(router, width=width, height=height), GeneratedImage)
        assert upstream.asked[0].json["resolution"] == resolution

    def test_everything_has_a_field_where_there_is_no_picture(self, router, upstream):
        self.make(router, negative_prompt="rain", seed=2**32 - 1)
        assert upstream.asked[0].path == "/v1/ideogram-v3/generate"
        asked = upstream.asked[0].json
        assert asked["negative_prompt"] == "rain"
        assert asked["prompt"] == "a red boat"
        assert asked["seed"] == 2**31 - 1
        assert (asked["num_images"], asked["magic_prompt"]) == (1, "OFF")
        assert "rendering_speed" not in asked

    @pytest.mark.parametrize(
        ("quality", "speed"),
        [("low", "TURBO"), ("medium", "DEFAULT"), ("high", "QUALITY"), ("flash", "FLASH")],
    )
    def test_quality_is_the_speed_of_rendering(self, router, upstream, quality, speed):
        assert isinstance(self.make(router, quality=quality), GeneratedImage), upstream.wrong
        assert upstream.asked[0].json["rendering_speed"] == speed

    @pytest.mark.parametrize(
        ("strength", "weight"), [(None, []), (0.0, [b"1"]), (0.25, [b"25"]), (1.0, [b"100"])]
    )
    def test_a_reference_is_remixed_and_further_ones_lend_their_style(
        self, router, upstream, strength, weight
    ):
        pictures = Pictures(references=(picture(200, 100), picture(), picture()))
        assert isinstance(self.make(router, pictures, strength=strength), GeneratedImage)
        asked = upstream.asked[0]
        assert asked.path == "/v1/ideogram-v3/remix"
        assert parts(asked, "image") == [pictures.references[0]]
        assert len(parts(asked, "style_reference_images")) == 2
        assert parts(asked, "image_weight") == weight

    def test_a_mask_is_black_where_the_picture_is_to_change(self, router, upstream):
        assert isinstance(self.edit(router), GeneratedImage), upstream.wrong
        asked = upstream.asked[0]
        assert asked.path == "/v1/ideogram-v3/edit"
        (mask,) = parts(asked, "mask")
        assert Image.open(io.BytesIO(mask)).getextrema() == (0, 0)
        assert b"Leave out: rain." in parts(asked, "prompt")[0]
        assert len(parts(asked, "style_reference_images")) == 1

    @pytest.mark.parametrize("model", LEGACY)
    @pytest.mark.parametrize("count", [0, 1])
    def test_legacy_models_take_text_and_a_picture(self, router, upstream, ask_for, model, count):
        ask_for(model)
        made = self.make(
            router,
            Pictures(references=(picture(),) * count),
            width=1920,
            height=1080,
            negative_prompt="rain",
            strength=0.9,
        )
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)
        asked = upstream.asked[0]
        assert asked.path == ("/remix" if count else "/generate")
        sent = (
            json.loads(parts(asked, "image_request")[0]) if count else asked.json["image_request"]
        )
        assert sent["aspect_ratio"] == "ASPECT_16_9"
        assert ("negative_prompt" in sent) == ("2A" not in model)
        assert ("rain" in sent["prompt"]) == ("2A" in model)
        assert sent.get("image_weight") == (90 if count else None)

    @pytest.mark.parametrize("model", ["V_2", "V_2_TURBO"])
    def test_legacy_models_edit_with_a_mask(self, router, upstream, ask_for, model):
        ask_for(model)
        assert isinstance(self.edit(router), GeneratedImage), upstream.wrong
        assert upstream.asked[0].path == "/edit"

    def test_an_image_that_was_held_back_is_refused(self, router, upstream):
        upstream.vendor.safe = 0
        answer = self.make(router)
        assert [attempt.outcome for attempt in answer.attempts] == ["refused"]

    def test_one_of_several_that_was_held_back_does_not_matter(self, router, upstream):
        upstream.vendor.images, upstream.vendor.safe = 2, 1
        assert isinstance(self.make(router), GeneratedImage)

    def test_an_address_that_has_expired_is_an_unknown_outcome(self, router, upstream):
        upstream.keep = lambda _body: f"{upstream.url}/files/gone.png"
        answer = self.make(router)
        assert isinstance(answer, GenerationFailed)
        assert answer.attempts[0].outcome == "unknown"
        assert answer.attempts[0].reason.startswith("result_")

    def test_the_reason_of_a_rejection_is_kept(self, adapter):
        body = {"reject_reason": "daily_limit", "error": "words of theirs"}
        answer = adapter.read_start(reply(Answer(status=402, body=body)))
        assert answer == Failed(kind=FailureKind.NO_FUNDS, reason="daily_limit")

    def test_how_long_to_wait_stands_in_the_header(self, adapter, upstream):
        answer = upstream.vendor.trouble("rate_limited")
        told = Answer(status=429, body=answer.body, headers={"retry-after": "9"})
        assert adapter.read_start(reply(told)) == Failed(
            kind=FailureKind.RATE_LIMITED, reason="inflight_limit", retry_after=9
        )

    @pytest.mark.parametrize("status", [401, 403])
    def test_a_key_that_is_not_taken(self, adapter, status):
        answer = adapter.read_start(reply(Answer(status=status, body={"error": "words"})))
        assert answer.kind is FailureKind.UNAUTHORIZED

    def test_a_picture_that_fails_the_check_is_refused(self, adapter):
        answer = adapter.read_start(reply(Answer(status=422, body={"error": "words of theirs"})))
        assert answer == Refused(reason="failed_safety_check")
