"""Runway's tasks, held against its own description.

A task is PENDING, then THROTTLED or RUNNING as often as `polls` says, then ends as `ending` says.
Moderation is heard of there.
"""

from __future__ import annotations

import uuid
from typing import Any

import jsonschema

from tests.fakes.descriptions import description
from tests.fakes.upstream import Answer, Asked, Vendor, picture, require
from tests.fakes.vendors.runway_younger import YOUNGER

_MADE_AT = "2026-11-21T12:00:00.000Z"
_STARTED = "/v1/text_to_image"
_LOOKED_AT = "/v1/tasks/{id}"
_ERRORS: dict[str, tuple[int, dict[str, Any]]] = {
    "invalid": (
        400,
        {
            "error": "words of theirs",
            "issues": [{"code": "too_big", "path": ["promptText"], "message": "words of theirs"}],
        },
    ),
    "rate_limited": (429, {"error": "words of theirs"}),
    "no_funds": (400, {"error": "You do not have enough credits to run this task."}),
    "unauthorized": (401, {"error": "words of theirs"}),
    "model_gone": (
        400,
        {
            "error": "words of theirs",
            "issues": [
                {"code": "invalid_union_discriminator", "path": ["model"], "message": "words"}
            ],
        },
    ),
    "transient": (503, {"error": "words of theirs"}),
}


class RunwayVendor(Vendor):
    name = "runway"
    model = "gen4_image"
    description = "runway-images.subset.openapi.json"

    def __init__(self) -> None:
        super().__init__()
        self.ending = "SUCCEEDED"
        self.failure_code = "SAFETY.INPUT.TEXT"
        self.credits = 5
        self.looks: dict[str, int] = {}
        self.endings: dict[str, str] = {}
        self.deleted: list[str] = []

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {self.account['key']}":
            return self.trouble("unauthorized")
        require(asked.headers["x-runway-version"] == "2024-11-06", "a version of the API")
        if asked.path == _STARTED:
            return self._create(asked)
        if asked.path == "/v1/organization":
            require(asked.method == "GET", "an unknown method")
            return Answer(body={"creditBalance": 100})
        name = asked.path.removeprefix("/v1/tasks/")
        require(name != asked.path, "an unknown path")
        if name not in self.looks:
            return Answer(status=404, body={"error": "words of theirs"})
        if asked.method == "DELETE":
            del self.looks[name]
            self.deleted.append(name)
            return Answer(status=204)
        require(asked.method == "GET", "an unknown method")
        return self._look(name)

    def _create(self, asked: Asked) -> Answer:
        require(asked.method == "POST", "an unknown method")
        younger = YOUNGER.get(asked.json["model"])
        if younger is not None:
            younger.check(asked.json)
        else:
            self._fits(("paths", _STARTED, "post", "requestBody"), asked.json)
            self._check_names(asked.json)
        if self.script[:1] == ["moderation"]:
            self.script.pop(0)
            self.ending = "FAILED"
        trouble = self.next_trouble()
        if trouble is not None:
            return trouble
        name = str(uuid.UUID(int=len(self.looks), version=4))
        self.looks[name], self.endings[name] = 0, self.ending
        body = {"id": name, "estimatedCost": {"credits": 8}}
        self._fits(("paths", _STARTED, "post", "responses", "200"), body)
        return Answer(body=body)

    def _look(self, name: str) -> Answer:
        self.looks[name] += 1
        status = self.endings[name]
        if self.looks[name] <= self.polls:
            status = ("PENDING", "THROTTLED", "RUNNING")[self.looks[name] % 3]
        said: dict[str, Any] = {"id": name, "createdAt": _MADE_AT, "status": status}
        if status in {"PENDING", "THROTTLED", "RUNNING"}:
            said["estimatedCost"] = {"credits": 8}
        else:
            said["cost"] = {"credits": self.credits}
        if status == "RUNNING":
            said["progress"] = 0.5
        if status == "SUCCEEDED":
            said["output"] = [self.upstream.keep(picture()) for _ in range(self.images)]
        if status == "FAILED":
            said |= {"failure": "words of theirs", "failureCode": self.failure_code}
        self._fits(("paths", _LOOKED_AT, "get", "responses", "200"), said)
        return Answer(body=said)

    def _fits(self, place: tuple[str, ...], body: Any) -> None:
        """Hold a body against the schema that stands there, where the description is at hand."""
        document = description(self.description)
        if document is None:
            return
        for step in place:
            document = document[step]
        schema = document["content"]["application/json"]["schema"]
        jsonschema.Draft202012Validator(schema).validate(body)
        self.described += 1

    def _check_names(self, body: dict[str, Any]) -> None:
        """The description lets unknown fields pass; this does not."""
        document = description(self.description)
        if document is None:
            return
        content = document["paths"][_STARTED]["post"]["requestBody"]["content"]
        for kind in content["application/json"]["schema"]["oneOf"]:
            if kind["title"] == body["model"]:
                require(body.keys() <= kind["properties"].keys(), "an unknown field")

    def trouble(self, kind: str) -> Answer:
        if kind == "moderation":  # what a look says of such a task
            said = {"status": "FAILED", "failure": "words of theirs"}
            return Answer(body={**said, "failureCode": self.failure_code})
        status, body = _ERRORS[kind]
        return Answer(status=status, body=body)
