from __future__ import annotations

from tests.contract.providers.suite import ProviderContract
from tests.fakes.vendors.openai import OpenAiVendor


class TestOpenAi(ProviderContract):
    vendor = OpenAiVendor
    takes_mask = True
