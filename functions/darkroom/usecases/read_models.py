"""The models that this deployment offers."""

from __future__ import annotations

from darkroom.domain.catalogue import Catalogue, Model
from darkroom.domain.operations import Caller, ListModels, Models, ReadModel


def list_models(_command: ListModels, _caller: Caller, *, catalogue: Catalogue) -> Models:
    return Models(models=tuple(catalogue.models.values()))


def read_model(command: ReadModel, _caller: Caller, *, catalogue: Catalogue) -> Model:
    return catalogue.lookup(command.name)
