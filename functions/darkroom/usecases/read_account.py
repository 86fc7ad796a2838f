"""What a workspace has to spend."""

from __future__ import annotations

from darkroom.domain.errors import NotFound
from darkroom.domain.money import Account
from darkroom.domain.operations import Caller
from darkroom.domain.ports import Accounts


def read_account(caller: Caller, *, accounts: Accounts) -> Account:
    account = accounts.get(caller.workspace)
    if account is None:
        raise NotFound("workspace")
    return account
