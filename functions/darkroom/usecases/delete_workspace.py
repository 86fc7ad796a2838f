"""Delete a workspace with all that it owns, and count what is left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from darkroom.domain.errors import InvalidRequest, NotFound
from darkroom.domain.ports import Accounts, Clock
from darkroom.domain.workspace_contents import Contents, WorkspaceContents

# A request that came just before the suspension may still store something: it lives half of this.
_LAST_REQUESTS = timedelta(seconds=60)


def contents_to_delete(
    workspace: str, *, accounts: Accounts, contents: WorkspaceContents
) -> Contents:
    """Raises NotFound, and InvalidRequest while it is open or something is on its way."""
    account, there = accounts.get(workspace), contents.read(workspace)
    if account is None and not there.items:
        raise NotFound("workspace")
    if account is not None and not account.suspended_at:
        raise _refused(f"{workspace} is open. Suspend it first: workspace suspend {workspace}")
    if there.unfinished_jobs:
        raise _refused(
            f"{there.unfinished_jobs} jobs of {workspace} have not ended, or wait for the sweeper"
            " to clear their files, which takes minutes. To end them:"
            f" jobs cancel {workspace} --filter status=pending --filter status=processing"
        )
    if there.unfinished_uploads:
        raise _refused(f"{there.unfinished_uploads} uploads of {workspace} are being processed.")
    return there


def delete_workspace(
    workspace: str, *, accounts: Accounts, contents: WorkspaceContents, clock: Clock
) -> Mapping[str, int]:
    """What is left of it, by kind: nothing, unless something came in meanwhile.

    It may be repeated after any crash: the names of files and keys are in its items, which are
    deleted once none of those is left, and the account goes last. Raises as contents_to_delete.
    """
    contents_to_delete(workspace, accounts=accounts, contents=contents)
    account = accounts.get(workspace)
    if account is not None:
        since = clock.now() - datetime.fromisoformat(account.suspended_at)
        clock.sleep(max(0.0, (_LAST_REQUESTS - since).total_seconds()))
    there = contents_to_delete(workspace, accounts=accounts, contents=contents)
    # First, or the relay would write deliveries of what is deleted after them.
    contents.delete_webhooks(workspace)
    contents.delete_elsewhere(there)
    if left := contents.count_elsewhere(there):
        return left
    contents.delete_items(workspace)
    contents.delete_account(workspace)
    # Under the names from before: the items that gave them are gone.
    return {**contents.read(workspace).items, **contents.count_elsewhere(there)}


def _refused(sentence: str) -> InvalidRequest:
    return InvalidRequest("workspace", "in_use", sentence)
