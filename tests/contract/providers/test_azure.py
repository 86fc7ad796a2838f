from __future__ import annotations

import pytest

from darkroom.domain.worker_ports import GeneratedImage
from darkroom.providers.interface import HttpReply
from darkroom.providers.registry import providers
from tests.contract.providers.suite import ProviderContract
from tests.fakes.vendors.azure import AzureVendor


class TestAzure(ProviderContract):
    vendor = AzureVendor
    takes_mask = True

    @pytest.mark.parametrize(
        "model", ["gpt-image-1-mini", "gpt-image-1.5", "gpt-image-2", "gpt-image-2.5-flare"]
    )
    def test_each_model_makes_images(self, router, upstream, ask_for, model):
        ask_for(model)
        assert isinstance(
            self.make(router, quality="high", width=1920, height=1080), GeneratedImage
        )
        size = "1920x1088" if model.startswith("gpt-image-2") else "1536x1024"
        assert upstream.asked[0].json["size"] == size

    def test_a_deployment_may_have_any_name(self, upstream, ask_for):
        ask_for("pictures")
        account = {**upstream.account, "size": "1024x1024, 1536x1024, 1024x1536"}
        adapter = providers()["azure"].adapter_for(account)
        assert isinstance(
            self.make(self.router_with(adapter, 5), width=900, height=1600), GeneratedImage
        )
        assert upstream.asked[0].json["size"] == "1024x1536"

    def test_a_version_may_be_named(self, upstream):
        account = {**upstream.account, "query": "api-version=preview"}
        adapter = providers()["azure"].adapter_for(account)
        assert isinstance(self.make(self.router_with(adapter, 5)), GeneratedImage)
        assert upstream.asked[0].query == {"api-version": "preview"}

    @pytest.mark.parametrize(
        ("kind", "outcome"), [("filter", "refused"), ("forbidden", "unauthorized")]
    )
    def test_further_errors_are_told_apart(self, router, upstream, kind, outcome):
        upstream.vendor.script = [kind]
        assert [each.outcome for each in self.make(router).attempts] == [outcome]

    def test_how_long_to_wait_is_heard(self, adapter, upstream):
        said = upstream.vendor.trouble("rate_limited")
        reply = HttpReply(status=said.status, headers=said.headers, body=said.bytes)
        assert adapter.read_start(reply).retry_after == 17

    @pytest.mark.parametrize("account", [{}, {"base_url": ""}])
    def test_its_key_never_goes_to_openai(self, account):
        with pytest.raises(LookupError):
            providers()["azure"].adapter_for({"key": "secret", **account})
