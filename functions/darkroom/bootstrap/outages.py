"""Which faults are temporary: the same request may succeed later."""

from __future__ import annotations

from darkroom.aws.outages import is_outage
from darkroom.aws.secrets import SecretUnreadable
from darkroom.domain.errors import Unavailable


def is_temporary(fault: Exception) -> bool:
    if isinstance(fault, SecretUnreadable):
        return fault.is_temporary
    return isinstance(fault, Unavailable) or is_outage(fault)
