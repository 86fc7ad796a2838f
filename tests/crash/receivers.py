"""Other people's web servers, which take webhooks: each post is a call like the others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from darkroom.domain.event_ports import Answer
from darkroom.domain.worker_ports import FetchFailed
from tests.crash.wire import POST, Wire

TIMEOUT = "timeout"

Scripted = int | str | Answer | Callable[[], int]


@dataclass(frozen=True)
class Post:
    url: str
    id: str
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        return json.loads(self.body)


class Receivers:
    """`script` names what an address answers, post by post, and then that it has it. `crowded` are
    posts beside more of their workspace than it has places.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.reset()

    def reset(self) -> None:
        self.script: dict[str, list[Scripted]] = {}
        self.posts: list[Post] = []
        self.crowded: list[Post] = []
        self._under_way: list[str] = []  # the workspaces of posts from the first queue
        self._limit: int | None = None

    @contextmanager
    def posting(self, limit: int | None) -> Iterator[None]:
        """What one delivery worker posts; without a limit it is one of those for slow receivers."""
        outer, self._limit = self._limit, limit
        try:
            yield
        finally:
            self._limit = outer

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        post = Post(url, headers["webhook-id"], body)
        limit, workspace = self._limit, post.told["workspace"]
        if limit is None:
            return self._wire.pass_on(POST, None, lambda: self._take(post))
        self._under_way.append(workspace)
        if self._under_way.count(workspace) > limit:
            self.crowded.append(post)
        try:
            return self._wire.pass_on(POST, None, lambda: self._take(post))
        finally:
            self._under_way.remove(workspace)

    def _take(self, post: Post) -> Answer:
        self.posts.append(post)
        script = self.script.get(post.url)
        answer = script.pop(0) if script else 204
        if callable(answer):
            answer = answer()
        if isinstance(answer, str):
            raise FetchFailed(answer)
        return answer if isinstance(answer, Answer) else Answer(status=answer)
