"""How a guard is taken away: conditions that hold always, a sweeper that is blind for one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from darkroom.domain.due import Diagnosis, Finding, diagnose
from darkroom.usecases import sweep
from tests.crash import world as world_module
from tests.crash.rewriting import rewritten, widened, without_condition
from tests.crash.world import World

Removal = Callable[[World], AbstractContextManager[Any]]


def condition(term: str, *marks: str) -> Removal:
    """One term of a condition holds always, in the writes that have all these marks."""
    return lambda world: rewritten(world, lambda write: widened(write, term, marks))


def unconditional(*sort_keys: str) -> Removal:
    """Puts under these keys succeed whatever is there."""
    return lambda world: rewritten(world, lambda write: without_condition(write, sort_keys))


def blind(*marks: str) -> Removal:
    """A write refused by its condition does not tell what stood against it."""

    def blinded(write: dict[str, Any]) -> None:
        if all(mark in write.get("UpdateExpression", "") for mark in marks):
            write.pop("ReturnValuesOnConditionCheckFailure", None)

    return lambda world: rewritten(world, blinded)


def both(*removals: Removal) -> Removal:
    @contextmanager
    def removed(world: World) -> Iterator[None]:
        with ExitStack() as stack:
            for removal in removals:
                stack.enter_context(removal(world))
            yield

    return removed


def never_finds(finding: Finding) -> Removal:
    """The sweeper is blind for one thing."""

    def looked(job: Any, now: Any) -> Diagnosis:
        seen = diagnose(job, now)
        return Diagnosis(finding=Finding.IN_HAND) if seen.finding is finding else seen

    return lambda _world: patch.object(sweep, "diagnose", looked)


def port(module: Any, name: str, instead: Any) -> Removal:
    return lambda _world: patch.object(module, name, instead)


def one_fingerprint(_world: World) -> AbstractContextManager[None]:
    submit = world_module.submit_job

    def same(command: Any, *arguments: Any, **ports: Any) -> Any:
        return submit(replace(command, fingerprint="any"), *arguments, **ports)

    return patch.object(world_module, "submit_job", same)


def one_queue(world: World) -> AbstractContextManager[Any]:
    urls = world.queue._urls
    return patch.dict(urls, {True: urls[False]})
