"""Other people's web servers, which take webhooks: each post is a call like the others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from darkroom.domain.telling import Answer
from darkroom.domain.tools import Unfetchable
from tests.crash.wire import POST, Wire

TIMEOUT = "timeout"


@dataclass(frozen=True)
class Post:
    url: str
    id: str
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        return json.loads(self.body)


class Receivers:
    """`script` names what an address answers, post by post, and then that it has it."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.reset()

    def reset(self) -> None:
        self.script: dict[str, list[int | str | Answer]] = {}
        self.posts: list[Post] = []

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        post = Post(url, headers["webhook-id"], body)
        return self._wire.pass_on(POST, None, lambda: self._take(post))

    def _take(self, post: Post) -> Answer:
        self.posts.append(post)
        script = self.script.get(post.url)
        answer = script.pop(0) if script else 204
        if isinstance(answer, str):
            raise Unfetchable(answer)
        return answer if isinstance(answer, Answer) else Answer(status=answer)
