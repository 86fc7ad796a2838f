from __future__ import annotations

import io
from base64 import b64decode

import pytest
from PIL import Image

from darkroom.domain.image_request import Reference
from darkroom.domain.worker_ports import GeneratedImage, Pictures
from darkroom.providers.interface import HttpReply
from darkroom.providers.registry import providers
from tests.contract.providers.suite import ProviderContract
from tests.fakes.upstream import picture
from tests.fakes.vendors.automatic1111 import Automatic1111Vendor


class TestAutomatic1111(ProviderContract):
    vendor = Automatic1111Vendor
    takes_references = 1
    takes_mask = True

    def test_every_wish_has_its_field(self, router, upstream):
        self.make(router, seed=2**32 - 1, negative_prompt="rain", steps=30, guidance=5.5)
        sent = upstream.asked[0].json
        assert sent["prompt"] == "a red boat"
        assert sent["negative_prompt"] == "rain"
        assert (sent["seed"], sent["steps"], sent["cfg_scale"]) == (2**32 - 1, 30, 5.5)

    def test_what_is_not_asked_for_is_left_to_the_machine(self, router, upstream):
        self.make(router)
        assert not {"steps", "cfg_scale", "negative_prompt"} & set(upstream.asked[0].json)

    def test_a_model_is_a_checkpoint(self, router, upstream):
        self.make(router)
        sent = upstream.asked[0].json
        assert sent["override_settings"] == {"sd_model_checkpoint": "sd_xl_base_1.0"}
        assert sent["override_settings_restore_afterwards"] is False

    def test_the_default_is_what_is_loaded(self, router, upstream, ask_for):
        ask_for("default")
        assert isinstance(self.make(router), GeneratedImage)
        assert "override_settings" not in upstream.asked[0].json

    @pytest.mark.parametrize(("strength", "sent"), [(0.0, 1.0), (0.9, 0.1), (None, None)])
    def test_closeness_is_the_contrary_of_noise(self, router, upstream, strength, sent):
        self.make(router, Pictures(references=(picture(),)), strength=strength)
        assert upstream.asked[0].path == "/sdapi/v1/img2img"
        assert upstream.asked[0].json.get("denoising_strength") == sent

    def test_what_is_white_in_the_mask_is_white_there_too(self, router, upstream):
        mask = Image.new("L", (64, 48), 0)
        mask.paste(255, (0, 0, 32, 48))
        written = io.BytesIO()
        mask.save(written, "PNG")
        pictures = Pictures(references=(picture(),), mask=written.getvalue())
        self.make(router, pictures, mask=Reference(url="https://a.test/m.png"))
        sent = Image.open(io.BytesIO(b64decode(upstream.asked[0].json["mask"])))
        assert (sent.getpixel((1, 1)), sent.getpixel((60, 1))) == (255, 0)

    @pytest.mark.parametrize(
        ("wanted", "sent"),
        [
            ((512, 512), (512, 512)),
            ((1000, 905), (1000, 904)),
            ((64, 64), (512, 512)),
            ((4096, 4096), (2048, 2048)),
            ((4096, 64), (2048, 512)),
        ],
    )
    def test_the_size_is_one_of_its_own(self, router, upstream, wanted, sent):
        self.make(router, width=wanted[0], height=wanted[1])
        body = upstream.asked[0].json
        assert (body["width"], body["height"]) == sent

    def test_it_costs_nothing(self, router):
        (attempt,) = self.make(router).attempts
        assert attempt.usd == 0

    def test_the_checkpoint_that_painted_is_known(self, adapter):
        body = b'{"images": ["AAAA"], "info": "{\\"sd_model_name\\": \\"v1-5\\"}"}'
        assert adapter.read_start(HttpReply(status=200, headers={}, body=body)).model == "v1-5"

    def test_an_image_that_says_nothing_of_itself_is_one(self, adapter):
        body = b'{"images": ["AAAA"], "info": "no JSON"}'
        assert adapter.read_start(HttpReply(status=200, headers={}, body=body)).bodies

    def test_what_the_machine_lacked_is_known(self, router, upstream):
        upstream.vendor.script = ["transient"]
        (attempt,) = self.make(router).attempts
        assert (attempt.outcome, attempt.reason) == ("transient", "OutOfMemoryError")

    def test_a_machine_without_its_api_is_a_route_that_leads_nowhere(self, router, upstream):
        upstream.vendor.script = ["no_api"]
        assert [each.outcome for each in self.make(router).attempts] == ["model_gone"]

    def test_a_machine_may_be_open_to_whoever_reaches_it(self, upstream):
        upstream.vendor.is_open = True
        adapter = providers()["automatic1111"].adapter_for({"base_url": upstream.url})
        assert isinstance(self.make(self.router_with(adapter, 5)), GeneratedImage)
        assert "authorization" not in upstream.asked[0].headers

    def test_without_an_address_there_is_no_machine(self):
        with pytest.raises(LookupError):
            providers()["automatic1111"].adapter_for({"key": "somebody:secret"})
