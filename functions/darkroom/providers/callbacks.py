"""Whether a callback is its provider's own: by its signature, and by keys that it publishes."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from darkroom.domain.provider_callback import ProviderCallback
from darkroom.providers.interface import Adapter, NoAnswer, Sender, SignsCallbacks
from darkroom.providers.replies import Unreadable, is_success, read_json

_SECONDS = 10
# How old a signature may be as it comes in, or how far ahead its clock.
_TOLERANCE_SECONDS = 300
# Keys are asked for again after a day; after a signature that they do not fit, when they are older
# than five minutes; and half a minute after there was no answer.
_FRESH, _DOUBTFUL, _PAUSE = 24 * 3600, 300, 30
# What reading a stranger's words can raise, and words that came instead of keys.
_BROKEN = (
    Unreadable,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    OverflowError,
    OSError,
    RecursionError,
)


def signed_at(stamp: str, callback: ProviderCallback) -> datetime:
    """Raises Unreadable where that is too far from when it came in."""
    at = datetime.fromtimestamp(int(stamp[:12]), UTC)
    if len(stamp) > 12 or abs((callback.at - at).total_seconds()) > _TOLERANCE_SECONDS:  # noqa: PLR2004
        raise Unreadable("signed at another time")
    return at


def is_signed_by_ed25519(public_key: str, signature: bytes, message: bytes) -> bool:
    """`public_key`: as a JWK has it."""
    # Loaded for the first signature: most workers see none.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PublicKey,
    )

    try:
        key = base64.urlsafe_b64decode(public_key + "=" * (-len(public_key) % 4))
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Kept:
    asked_at: float
    keys: Any  # None: there was no answer


class CallbackVerifier:
    def __init__(
        self,
        *,
        adapter_of: Callable[[str], Adapter],
        sender: Sender,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._adapter_of = adapter_of
        self._sender = sender
        self._stopwatch = stopwatch
        self._kept: dict[str, _Kept] = {}

    def why_not(self, callback: ProviderCallback) -> str:
        """Empty: its provider has signed it."""
        try:
            adapter = self._adapter_of(callback.provider)
        except (LookupError, NoAnswer):
            return "no_keys"
        if not isinstance(adapter, SignsCallbacks):
            return "no_keys"
        for age in (_FRESH, _DOUBTFUL):
            keys = self._keys(callback.provider, adapter, age)
            if keys is None:
                return "no_keys"
            if _has_signed(adapter, callback, keys):
                return ""
        return "bad_signature"

    def _keys(self, provider: str, adapter: SignsCallbacks, age: int) -> Any:
        """Not older than so many seconds, or what there is where no newer ones can be had."""
        now = self._stopwatch()
        kept = self._kept.get(provider)
        if kept is not None:
            least = age if kept.keys is not None else _PAUSE
            if now - kept.asked_at < least:
                return kept.keys
        keys = self._asked_for(adapter)
        if keys is None and kept is not None:
            keys = kept.keys
        self._kept[provider] = _Kept(now, keys)
        return keys

    def _asked_for(self, adapter: SignsCallbacks) -> Any:
        try:
            reply = self._sender.send(adapter.signing_keys(), _SECONDS)
            return read_json(reply) if is_success(reply) else None
        except (NoAnswer, Unreadable):
            return None


def _has_signed(adapter: SignsCallbacks, callback: ProviderCallback, keys: Any) -> bool:
    try:
        return adapter.has_signed(callback, keys)
    except _BROKEN:
        return False
