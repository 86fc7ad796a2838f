"""A provider's callback with its signature, on its way from the submit function, which gets it, to
the worker, which alone can verify it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

from darkroom.domain.ports import SlotMessage

# In base64 and with its headers it fits into a message of SQS.
LARGEST_BODY = 128 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderCallback:
    message: SlotMessage  # the image to look after, held by the lease that it was left with
    provider: str
    id: str  # the provider's own of the image
    headers: Mapping[str, str]  # those that may belong to a signature, names in lower case
    digest: str  # SHA-256 of the body, in hexadecimal
    body: str  # empty where it is too long, or not UTF-8
    at: datetime  # when it came in


class CallbackQueue(Protocol):
    def send_callback(self, callback: ProviderCallback) -> bool:
        """Whether it could be sent."""
        ...


class CallbackVerifier(Protocol):
    def why_not(self, callback: ProviderCallback) -> str:
        """Empty: its provider has signed it."""
        ...


def write_callback(callback: ProviderCallback) -> str:
    values = asdict(callback)
    # Between functions the field has another name.
    values = {"order": values.pop("message"), **values} | {
        "at": callback.at.isoformat(),
        "body": base64.b64encode(callback.body.encode()).decode(),
    }
    return json.dumps({"callback": values})


def read_callback(message: str) -> ProviderCallback | None:
    """None: it is another message."""
    try:
        values = json.loads(message)["callback"]
        read = {
            "message": SlotMessage(**values.pop("order")),
            "at": datetime.fromisoformat(values["at"]),
            "body": base64.b64decode(values["body"]).decode(),
        }
        return ProviderCallback(**(values | read))
    except (KeyError, TypeError, ValueError):
        return None
