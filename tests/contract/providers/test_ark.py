from __future__ import annotations

import json

import pytest

from darkroom.domain.worker_ports import GeneratedImage, Pictures
from darkroom.providers.interface import Failed, HttpReply, ProviderRequest
from tests.builders import image_request
from tests.contract.providers.suite import ProviderContract
from tests.fakes.upstream import picture
from tests.fakes.vendors.ark import ArkVendor


class TestArk(ProviderContract):
    vendor = ArkVendor

    @pytest.mark.parametrize("model", ArkVendor.models)
    @pytest.mark.parametrize("count", [0, 1, 10])
    def test_each_model_takes_text_and_pictures(self, router, upstream, ask_for, model, count):
        ask_for(model)
        made = self.make(router, Pictures(references=(picture(),) * count))
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)
        image = upstream.asked[0].json.get("image", [])
        assert (1 if isinstance(image, str) else len(image)) == count

    @pytest.mark.parametrize("model", ArkVendor.models)
    @pytest.mark.parametrize("size", [(64, 4096), (4096, 64), (4096, 4096), (1000, 999), (65, 64)])
    def test_no_shape_is_out_of_bounds(self, router, upstream, ask_for, model, size):
        ask_for(model)
        made = self.make(router, width=size[0], height=size[1])
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)

    @pytest.mark.parametrize(
        "case",
        [
            ("seedream-4-5-251128", (2560, 1440), "2560x1440"),
            ("seedream-4-5-251128", (1920, 1080), "2560x1440"),
            ("seedream-4-0-250828", (1920, 1080), "1920x1080"),
            ("seedream-4-0-250828", (4096, 4096), "4096x4096"),
            ("seedream-5-5-261028", (1024, 1024), "1024x1024"),
            ("seedream-5-5-261028", (4096, 4096), "2048x2048"),
            ("seedream-5-0-pro-260628", (512, 512), "1024x1024"),
        ],
    )
    def test_the_size_is_exact_where_it_is_large_enough(self, router, upstream, ask_for, case):
        model, (width, height), sent = case
        ask_for(model)
        self.make(router, width=width, height=height)
        assert upstream.asked[0].json["size"] == sent

    def test_a_picture_has_no_watermark_and_loses_nothing(self, router, upstream, ask_for):
        ask_for("seedream-5-0-260128")
        self.make(router)
        assert upstream.asked[0].json["watermark"] is False
        assert upstream.asked[0].json["output_format"] == "png"

    @pytest.mark.parametrize(
        ("model", "is_known"),
        [
            ("seedream-5-5-261028", False),
            ("doubao-seedream-5-0-pro-260628", False),
            ("seedream-5-0-260128", True),
            ("seedream-4-5-251128", True),
        ],
    )
    def test_fields_of_groups_go_only_to_models_that_make_groups(self, adapter, model, is_known):
        wanted = ProviderRequest(request=image_request(), seed=7, model=model)
        body = json.loads(adapter.start(wanted).body)
        assert {"sequential_image_generation", "stream"} & set(body) == (
            {"sequential_image_generation", "stream"} if is_known else set()
        )

    def test_what_has_no_field_is_told_in_words(self, router, upstream):
        self.make(router, Pictures(references=(picture(),)), negative_prompt="rain", strength=0.9)
        prompt = upstream.asked[0].json["prompt"]
        assert "Leave out: rain." in prompt
        assert "very close" in prompt

    @pytest.mark.parametrize(
        ("code", "outcome"),
        [
            ("OutputImageSensitiveContentDetected", "refused"),
            ("OutputImageSensitiveContentDetected.PolicyViolation", "refused"),
            ("InternalServiceError", "unknown"),
        ],
    )
    def test_an_error_in_place_of_the_image_is_one(self, router, upstream, code, outcome):
        upstream.vendor.error_in_place = code
        (attempt,) = self.make(router).attempts
        assert (attempt.outcome, attempt.reason) == (outcome, code)

    @pytest.mark.parametrize(
        ("kind", "outcome"),
        [
            ("text", "refused"),
            ("picture", "refused"),
            ("missing", "invalid"),
            ("images_a_minute", "rate_limited"),
            ("set_limit", "no_funds"),
            ("forbidden", "unauthorized"),
            ("not_open", "model_gone"),
        ],
    )
    def test_further_errors_are_told_apart(self, router, upstream, kind, outcome):
        upstream.vendor.script = [kind]
        assert [each.outcome for each in self.make(router).attempts] == [outcome]

    def test_how_long_to_wait_is_heard(self, adapter, upstream):
        said = upstream.vendor.trouble("rate_limited")
        failed = adapter.read_start(
            HttpReply(status=said.status, headers=said.headers, body=said.bytes)
        )
        assert isinstance(failed, Failed)
        assert failed.retry_after == 9
