"""All that a workspace owns: to be counted, and to be deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    # How many items lie under the workspace, by kind; and what lies elsewhere, by these names.
    items: Mapping[str, int] = field(default_factory=dict)
    media: frozenset[str] = frozenset()
    hashes: frozenset[str] = frozenset()  # of its API keys
    # What workers or the sweeper may still write files for.
    unfinished_jobs: int = 0
    unfinished_uploads: int = 0


class WorkspaceContents(Protocol):
    def read(self, workspace: str) -> Contents: ...

    def count_elsewhere(self, contents: Contents) -> Mapping[str, int]:
        """Files and keys by hash; nothing that there is none of."""
        ...

    def delete_webhooks(self, workspace: str) -> None: ...

    def delete_elsewhere(self, contents: Contents) -> None:
        """Raises Unavailable where the bucket refuses one."""
        ...

    def delete_items(self, workspace: str) -> None:
        """All but the account."""
        ...

    def delete_account(self, workspace: str) -> None: ...
