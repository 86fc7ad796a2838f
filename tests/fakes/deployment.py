"""A deployment whose AWS answers what a test says."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

from tests.fakes.world import FakeIds

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


class FakeAws:
    """Answers of AWS, by operation: each as a value, or as a function of the arguments."""

    is_local = False
    stack = "darkroom-prod"

    def __init__(self, **answers):
        self.answers = answers
        self.services = SimpleNamespace(clock=SimpleNamespace(now=lambda: NOW), ids=FakeIds())
        self.description = {"StackStatus": "UPDATE_COMPLETE"}
        self.outputs = {}
        self.ids = {}

    def client(self, _service):
        return self

    def physical_ids(self, kind):
        return self.ids.get(kind, {})

    def get_paginator(self, operation):
        return SimpleNamespace(paginate=lambda **_: [self.answers[operation]])

    def __getattr__(self, operation):
        answer = self.answers[operation]
        return lambda **given: answer(**given) if callable(answer) else answer
