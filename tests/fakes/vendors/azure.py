"""OpenAI's images endpoints on Azure: another header, and some errors in other words."""

from __future__ import annotations

from dataclasses import replace

from tests.fakes.upstream import Answer, Asked, require
from tests.fakes.vendors.openai import OpenAiVendor

_ERRORS = {
    "moderation": (400, "content_policy_violation"),
    "filter": (400, "contentFilter"),
    "rate_limited": (429, "RateLimitReached"),
    "unauthorized": (401, "401"),
    "forbidden": (403, "AccessDenied"),
    "model_gone": (404, "DeploymentNotFound"),
}


class AzureVendor(OpenAiVendor):
    name = "azure"
    # What is billed later cannot run out; a quota there is a limit of speed.
    troubles = tuple(kind for kind in OpenAiVendor.troubles if kind != "no_funds")

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("api-key") != self.account["key"]:
            return self.trouble("unauthorized")
        require("authorization" not in asked.headers, "two keys")
        as_openai = {**asked.headers, "authorization": f"Bearer {self.account['key']}"}
        return super().answer(replace(asked, headers=as_openai))

    def trouble(self, kind: str) -> Answer:
        if kind not in _ERRORS:
            return super().trouble(kind)
        status, code = _ERRORS[kind]
        error = {"code": code, "message": "words of theirs"}
        headers = {"retry-after": "17"} if status == 429 else {}
        return Answer(status=status, body={"error": error}, headers=headers)
