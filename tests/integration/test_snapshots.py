"""SnapStart: many processes go on from one snapshot of a process that has started.

The library of Lambda's runtime that calls the hooks stands in as a module of its name; a restore is
played by giving Python's generator the state that it had at the snapshot.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from datetime import datetime
from types import ModuleType

import pytest

from darkroom.clock_and_ids import SystemIds
from tests.conftest import HARMLESS
from tests.integration.conftest import running_system

API = ("submit", "status")
# The route that this model has here ends.
ENDING, LAST_DAY = "gpt-image-1.5", "2026-12-15"
# What was drawn, and which generators live, when the module has been imported.
LOOKS_AT_START = """
import gc, importlib, json, os, random, sys
import aws_lambda_powertools, botocore.session, uuid, tempfile
drawn = []
def watched(name, draw):
    def watch(*arguments):
        drawn.append(name)
        return draw(*arguments)
    return watch
for module, name in ((os, "urandom"), (os, "getpid"), (uuid, "uuid4"), (random, "random"),
                     (random, "uniform"), (random, "getrandbits")):
    setattr(module, name, watched(name, getattr(module, name)))
importlib.import_module(f"darkroom.handlers.{sys.argv[1]}")
of_python = [one for one in gc.get_objects() if isinstance(one, random.Random)]
own = [one for one in of_python if not isinstance(one, random.SystemRandom)]
print(json.dumps({"drawn": drawn, "generators": len(own), "is_pythons": own == [random._inst]}))
"""


class Hooks(ModuleType):
    def __init__(self) -> None:
        super().__init__("snapshot_restore_py")
        self.after = []

    def register_after_restore(self, hook) -> None:
        self.after.append(hook)

    def restore(self, state) -> None:
        random.setstate(state)
        for hook in self.after:
            hook()


@pytest.fixture
def hooks(monkeypatch):
    made = Hooks()
    monkeypatch.setitem(sys.modules, made.__name__, made)
    return made


def drawn(count=8):
    return [random.random() for _ in range(count)]  # noqa: S311 - how long to wait, no secret


def test_what_two_processes_draw_from_one_snapshot_differs(hooks):
    with running_system():
        state = random.getstate()
        seen = []
        for _ in range(2):
            hooks.restore(state)
            seen.append((drawn(), SystemIds().new_id(), SystemIds().below(2**62)))
        once, again = seen
        assert not [one for one, other in zip(once, again, strict=True) if one == other]


def test_without_the_hooks_they_would_be_alike():
    state = random.getstate()
    once = drawn()
    random.setstate(state)
    assert drawn() == once


@pytest.mark.parametrize("name", API)
def test_nothing_else_is_drawn_at_the_start(name):
    with running_system() as system:
        done = subprocess.run(
            [sys.executable, "-c", LOOKS_AT_START, name],
            env={**HARMLESS, **system.environment, "PYTHONPATH": "functions"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found == {"drawn": [], "generators": 1, "is_pythons": True}


@pytest.mark.parametrize("name", API)
def test_a_process_from_an_old_snapshot_knows_what_has_ended_since(hooks, monkeypatch, name):
    today = [datetime.fromisoformat(f"{LAST_DAY}T12:00:00Z")]

    class Calendar(datetime):
        @classmethod
        def now(cls, _zone=None):
            return today[0]

    def last_days():
        routes = handler._api.ports.catalogue.model(ENDING).routes
        return {str(route.until) for route in routes}

    monkeypatch.setattr("darkroom.bootstrap.catalogue.datetime", Calendar)
    with running_system(PROVIDERS="azure", STAND_IN="") as system:
        handler = system.handlers[name]
        clients = handler._api.ports.clients
        assert LAST_DAY in last_days()
        today[0] = datetime.fromisoformat("2026-12-16T00:00:00Z")
        hooks.restore(random.getstate())
        assert LAST_DAY not in last_days()
        # They were made for the snapshot, so that no request has to.
        assert handler._api.ports.clients is clients
        assert system.http("GET", "/v1/models").status == 200


def test_a_process_that_is_no_snapshots_starts_as_ever():
    assert "snapshot_restore_py" not in sys.modules
    with running_system() as system:
        assert system.http("GET", "/v1/health", key="").status == 200
