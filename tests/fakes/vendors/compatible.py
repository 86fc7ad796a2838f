"""A server that speaks as OpenAI did with its older models: LocalAI, vLLM and others."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

from tests.fakes.upstream import Answer, Asked, picture, require
from tests.fakes.vendors.openai import OpenAiVendor


class CompatibleVendor(OpenAiVendor):
    name = "compatible"
    model = "qwen-image"

    def __init__(self) -> None:
        super().__init__()
        # Whether it gives addresses, whatever it is asked for.
        self.gives_addresses = False
        self.is_open = False

    def answer(self, asked: Asked) -> Answer:
        if self.is_open:
            require("authorization" not in asked.headers, "a key that nobody asks for")
            as_known = {**asked.headers, "authorization": f"Bearer {self.account['key']}"}
            asked = replace(asked, headers=as_known)
        return super().answer(asked)

    def _check_generation(self, asked: Asked) -> None:
        body = asked.json
        self.conforms("CreateImageRequest", body)
        known = {"model", "prompt", "n", "size", "response_format", "quality"}
        require(set(body) <= known, f"fields {set(body)}")
        require(body["response_format"] == "b64_json", "no image in the answer")
        self._check_size(body["size"])

    def _check_edit(self, asked: Asked) -> None:
        parts = asked.form
        texts = {name: body.decode() for name, filename, body in parts if not filename}
        names = [name for name, filename, _ in parts if filename and name != "mask"]
        require(texts["prompt"], "an edit without a prompt")
        require(texts["response_format"] == "b64_json", "no image in the answer")
        require(names == ["image"] or names == ["image[]"] * len(names), f"pictures {names}")
        self._check_size(texts["size"])

    def _images(self) -> Answer:
        entry = {"b64_json": b64encode(picture()).decode()}
        if self.gives_addresses:
            entry = {"url": self.upstream.keep(picture())}
        return Answer(body={"created": 1, "data": [entry] * self.images})
