"""A workspace's account, and the models that it may ask for."""

from __future__ import annotations

from darkroom.domain.catalogue import Catalogue, Model
from darkroom.domain.errors import NotFound
from darkroom.domain.money import Account
from darkroom.domain.operations import Caller, ListModels, ReadModel
from darkroom.domain.outcomes import Models
from darkroom.domain.ports import Accounts, Aliases


def read_account(caller: Caller, *, accounts: Accounts) -> Account:
    account = accounts.get(caller.workspace)
    if account is None:
        raise NotFound("workspace")
    return account


def list_models(
    _command: ListModels,
    caller: Caller,
    *,
    catalogue: Catalogue,
    accounts: Accounts,
    aliases: Aliases,
) -> Models:
    known = _aliased(catalogue, caller, accounts, aliases)
    return Models(models=tuple(known.models.values()))


def read_model(
    command: ReadModel,
    caller: Caller,
    *,
    catalogue: Catalogue,
    accounts: Accounts,
    aliases: Aliases,
) -> Model:
    found = catalogue.lookup(command.name)
    if not found.lacks_provider:
        return found
    return _aliased(catalogue, caller, accounts, aliases).lookup(command.name)


def _aliased(
    catalogue: Catalogue, caller: Caller, accounts: Accounts, aliases: Aliases
) -> Catalogue:
    account = accounts.get(caller.workspace)
    own = account.aliases if account else {}
    return catalogue.with_aliases({**aliases.of_deployment(), **own})
