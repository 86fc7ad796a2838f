"""What a row of functions.py says of its Lambda."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from darkroom.settings import Settings
from infra.bundling import Dependencies
from infra.constructs.queue import WorkQueue
from infra.grants import Grant
from infra.resources import Resources


@dataclass(frozen=True, slots=True)
class Routes:
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consumes:
    """Each queue has as many functions at once of its own."""

    queues: tuple[Callable[[Resources], WorkQueue], ...]
    max_concurrency: int


@dataclass(frozen=True, slots=True)
class Follows:
    """Each change of the table that may become an event, in the order of its happening."""

    # Functions at once for each shard of the stream.
    parallelism: int


@dataclass(frozen=True, slots=True)
class EveryMinute:
    pass


Trigger = Routes | Consumes | Follows | EveryMinute


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionRow:
    name: str
    settings: type[Settings]
    trigger: Trigger
    grants: tuple[Grant, ...]
    dependencies: Dependencies
    memory_mb: int
    timeout_seconds: int
    reserved_concurrency: int | None = None
    # Whether it sends to the queue that it takes from: AWS would stop it after sixteen rounds.
    sends_to_itself: bool = False
    # Whether events reach it by an alias, which a new version gets little by little.
    canary: bool = False
    # Whether it starts from a snapshot of its version, taken when that was published.
    snapstart: bool = False
