from __future__ import annotations

import pytest

from darkroom.domain.worker_ports import GeneratedImage, Pictures
from darkroom.providers.registry import providers
from tests.contract.providers.suite import ProviderContract
from tests.fakes.upstream import picture
from tests.fakes.vendors.compatible import CompatibleVendor


class TestCompatible(ProviderContract):
    vendor = CompatibleVendor
    takes_mask = True

    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_an_address_is_followed(self, router, upstream, count):
        upstream.vendor.gives_addresses = True
        made = self.make(router, Pictures(references=(picture(),) * count))
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)

    def test_an_address_that_has_expired_is_an_unknown_outcome(self, router, upstream, monkeypatch):
        upstream.vendor.gives_addresses = True
        monkeypatch.setattr(upstream, "keep", lambda _: f"{upstream.url}/files/gone.png")
        (attempt,) = self.make(router).attempts
        assert attempt.outcome == "unknown"
        assert attempt.reason.startswith("result_")

    def test_a_server_may_be_open_to_whoever_reaches_it(self, upstream):
        upstream.vendor.is_open = True
        adapter = providers()["compatible"].adapter_for({"base_url": upstream.url})
        assert isinstance(self.make(self.router_with(adapter, 5)), GeneratedImage)

    def test_a_server_may_know_few_sizes(self, upstream):
        account = {**upstream.account, "size": "512x512,1024x1024"}
        adapter = providers()["compatible"].adapter_for(account)
        assert isinstance(
            self.make(self.router_with(adapter, 5), width=600, height=300), GeneratedImage
        )
        assert upstream.asked[0].json["size"] == "1024x1024"

    @pytest.mark.parametrize("account", [{}, {"base_url": ""}])
    def test_its_key_never_goes_to_openai(self, account):
        with pytest.raises(LookupError):
            providers()["compatible"].adapter_for({"key": "secret", **account})
