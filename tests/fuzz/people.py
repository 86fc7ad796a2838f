"""Two workspaces that are full of everything, and what each knows as its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx

from darkroom.dialects.vendors.qolaba import task_id
from darkroom.domain.api_key import ADMIN, SCOPES
from tests.conformance.vendors import an_image, bearer_of, new_key
from tests.running import Local, eventually

# A process lets a key read this often in a minute, and then says 429.
READS_OF_A_KEY = 550
_CREDITS = 1_000_000
_SECONDS = 120
# Kinds whose ids are nobody else's business.
_TOLD = ("job", "canceled", "caption", "media", "upload", "collection", "webhook", "delivery")
_SCOPES = tuple(scope for scope in SCOPES if scope != ADMIN)
_MADE_TO_BE_DELETED = {
    "media": ("/v1/media/uploads", {"name": "a.png", "content_type": "image/png", "size": 1}),
    "collection": ("/v1/collections", {"name": "Soon gone"}),
    "webhook": ("/v1/webhooks", {"url": "https://example.com/a", "events": ["job.rejected"]}),
}


@dataclass
class Person:
    """A workspace, its keys, and the id of one thing of each kind that it has."""

    local: Local
    workspace: str
    keys: list[str]
    owns: dict[str, str] = field(default_factory=dict)
    # The query of an address that we signed.
    signature: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    def key(self) -> str:
        """Another one before the last has used up its minute."""
        self.asked += 1
        return self.keys[self.asked // READS_OF_A_KEY % len(self.keys)]

    def call(self, method: str, path: str, **given: Any) -> Any:
        headers = bearer_of(self.keys[-1])
        with httpx.Client(base_url=self.local.api, headers=headers, timeout=60) as client:
            answer = client.request(method, path, **given)
        assert answer.is_success, answer.text
        return answer.json()

    def fill(self, receiver: str) -> None:
        """One of each kind."""
        stopped = self.call("POST", "/v1/jobs", json={"prompt": "a harbour", "n": 4})
        self.call("POST", f"/v1/jobs/{stopped['id']}/cancel")
        job = self.call("POST", "/v1/jobs", json={"prompt": "a pier", "width": 64, "height": 64})
        written = {"prompt": "a pier", "post_types": ["x-post"]}
        caption = self.call("POST", "/v1/captions", json=written)
        collection = self.call("POST", "/v1/collections", json={"name": "Piers"})
        hook = self.call("POST", "/v1/webhooks", json={"url": receiver, "events": ["webhook.test"]})
        delivery = self.call("POST", f"/v1/webhooks/{hook['id']}/test")
        upload = self.call("POST", "/v1/media", files={"file": ("pier.png", an_image())})
        self._ended(f"/v1/captions/{caption['id']}")
        [image] = self._ended(f"/v1/jobs/{job['id']}")["images"]
        place = urlsplit(image["url"])
        self.signature = {name: values[0] for name, values in parse_qs(place.query).items()}
        self.owns = {
            "job": job["id"],
            "canceled": stopped["id"],
            "task": task_id(UUID(job["id"])),
            "caption": caption["id"],
            "media": image["id"],
            "upload": upload["id"],
            "file": place.path.rpartition("/")[2],
            "path": f"{self.workspace}/generated/generated_ref_{UUID(image['id']).int}.png",
            "collection": collection["id"],
            "workspace": self.workspace,
            "webhook": hook["id"],
            "delivery": delivery["id"],
        }

    def _ended(self, path: str) -> Mapping[str, Any]:
        def look() -> Any:
            seen = self.call("GET", path)
            return seen if seen["status"] not in {"pending", "processing"} else None

        return eventually(look, _SECONDS, f"the end of {path}")

    def everything(self) -> set[str]:
        return {self.owns[kind] for kind in _TOLD}

    def own(self, kind: str) -> str:
        return self.owns[kind]

    def to_delete(self, kind: str) -> str:
        """Something new: what others ask about stays."""
        path, body = _MADE_TO_BE_DELETED[kind]
        made: str = self.call("POST", path, json=body)["id"]
        return made


def opened(local: Local, workspace: str, keys: int, receiver: str, **limits: int) -> Person:
    """`receiver` is an address that takes webhooks."""
    limits = {"requests_per_minute": 100_000, **limits}
    first = local.new_workspace(workspace, _CREDITS, tier="pro", **limits)
    more = [new_key(local, workspace, _SCOPES) for _ in range(keys - 1)]
    person = Person(local=local, workspace=workspace, keys=[first, *more])
    person.fill(receiver)
    return person
