"""Look after an image because its provider has called, if it was its provider that called."""

from __future__ import annotations

from collections.abc import Callable

from darkroom.domain.ports import SlotMessage
from darkroom.domain.provider_callback import CallbackVerifier, ProviderCallback
from darkroom.usecases.process_slot import Report, Result


def check_callback(
    callback: ProviderCallback,
    *,
    verifier: CallbackVerifier,
    process: Callable[[SlotMessage], Report],
) -> Report:
    """What is not signed is dropped: the regular look at the image comes all the same."""
    why = verifier.why_not(callback)
    return Report(result=Result.NOTHING_TO_DO, why=why) if why else process(callback.message)
