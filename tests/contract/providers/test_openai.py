from __future__ import annotations

import pytest

from darkroom.domain.worker_ports import GeneratedImage, Pictures
from tests.contract.providers.suite import ProviderContract
from tests.fakes.upstream import picture
from tests.fakes.vendors.openai import OpenAiVendor

LATER = [
    "gpt-image-2",
    "gpt-image-2.5-flare",
    "gpt-image-2.5-sunburst",
    "gpt-image-2.6-flare",
    "gpt-image-2.6-sunburst",
]


class TestOpenAi(ProviderContract):
    vendor = OpenAiVendor
    takes_mask = True

    @pytest.mark.parametrize("model", LATER)
    def test_later_models_take_any_size_and_an_effort(self, router, upstream, ask_for, model):
        ask_for(model)
        made = self.make(router, quality="medium", width=1920, height=1080)
        assert isinstance(made, GeneratedImage), upstream.wrong
        body = upstream.asked[0].json
        assert (body["size"], body["quality"]) == ("1920x1088", "medium")

    @pytest.mark.parametrize("model", LATER)
    def test_later_models_take_sixteen_pictures(self, router, upstream, ask_for, model):
        ask_for(model)
        made = self.make(router, Pictures(references=(picture(),) * 16), quality="low")
        assert isinstance(made, GeneratedImage), upstream.wrong
        names = [name for name, _, _ in upstream.asked[0].form]
        assert (names.count("image[]"), names.count("quality")) == (16, 1)
