"""The audit log: what operators have changed, who it was, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class AuditState(StrEnum):
    BEGUN = "begun"  # and nothing later: the command was killed
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    id: str
    at: datetime
    arn: str  # whose credentials they were, as AWS names them
    user: str  # of the machine that the command ran on
    action: str  # `jobs cancel`
    workspace: str = ""
    state: AuditState = AuditState.BEGUN
    # What was asked for, and what came of it: never a secret.
    details: dict[str, Any] = field(default_factory=dict)


class AuditLog(Protocol):
    def keep(self, record: AuditRecord) -> None:
        """Before anything is changed, and again with what came of it."""
        ...

    def newest(self, limit: int, workspace: str | None) -> Iterator[AuditRecord]:
        """Of this workspace, or of all."""
        ...
