"""Ctrl-C and SIGTERM: both mean to stop and to lose nothing."""

from __future__ import annotations

import signal
import threading
from types import FrameType


class StopRequested(BaseException):
    """Not an Exception: libraries catch those, and wrap them in their own."""


class StopSignals:
    """Interrupts a start, which may be waiting for anything; later only notes that it was asked.

    Whatever comes after the first is ignored, so that impatience cannot cut the saving short.
    """

    def __init__(self) -> None:
        self.asked = threading.Event()
        self._interrupts = True
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)

    def only_note(self) -> None:
        self._interrupts = False

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        again = self.asked.is_set()
        self.asked.set()
        if self._interrupts and not again:
            raise StopRequested
