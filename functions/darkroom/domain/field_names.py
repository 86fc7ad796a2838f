"""What a caller calls the fields of a request: an error names those, and not ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Our names → the caller's, where they differ; `{}` stands for a place in a list."""

    names: Mapping[str, str] = field(default_factory=dict)

    def of(self, ours: str, *places: int) -> str:
        return self.names.get(ours, ours).format(*places)


OURS = FieldNames()
