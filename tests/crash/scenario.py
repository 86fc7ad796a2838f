"""What a scenario is: a history, and what is known of its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.crash.world import CREDITS, World

Step = Callable[[World], object]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """`during` names the process into whose calls `meanwhile` is put, at each of them in turn."""

    name: str
    play: Step
    during: str | None = None
    meanwhile: Step | None = None
    # How many images are stored in the end, as long as no fault changes an image's fate.
    stored: int | None = None
    # How many of an image's tries the script itself spends.
    spends: int = 0
    # Whether all is done without the sweeper when nothing happens that retries can hide.
    is_smooth: bool = False
    # Whose calls get faults; none: everybody's. What others have of them is not played again.
    faults_in: tuple[str, ...] = ()
    credits_granted: int = CREDITS
    low_credits: int = 0
    max_in_flight: int = 10
    share: int = 5
