"""`darkroom-admin models`: which model stands in for a public name that no provider here makes."""

from __future__ import annotations

from typing import Annotated

import typer

from darkroom.admin.audit import recorded
from darkroom.admin.output import command_group, opened, show, show_all, stop
from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.domain.catalogue import Model

models = command_group("Aliases of models.")

_Name = Annotated[str, typer.Argument(help="A model's public name, as /v1/models lists it.")]
_OfWorkspace = Annotated[
    str | None, typer.Option("--workspace", help="For this one alone. Without: for all.")
]


@models.command("alias")
def alias_model(
    context: typer.Context,
    name: _Name,
    model: Annotated[str, typer.Argument(help="The model that makes its images.")],
    workspace: _OfWorkspace = None,
) -> None:
    """Let a model stand in for a name as long as no provider here makes that. A workspace's own
    alias goes before the deployment's. It counts within a minute.
    """
    public, target = _model(name), _model(model)
    if public.name == target.name:
        stop(f"{name} and {model} are the same model.")
    if not target.routes:
        stop(f"{model} cannot stand in: {target.unavailable}")
    with opened(context) as services:
        names = {"alias": public.name, "model": target.name}
        with recorded(services, "models alias", workspace or "", **names):
            services.aliases.keep(public.name, target.name, workspace)
        show(context, {**names, "workspace": workspace})
        makers = {route.provider for route in public.routes} & services.provider_keys.enabled
        if makers:
            typer.echo(
                f"{public.name} is made by {', '.join(sorted(makers))} here:"
                " the alias counts when none of these is set up.",
                err=True,
            )


@models.command("aliases")
def list_aliases(context: typer.Context, workspace: _OfWorkspace = None) -> None:
    """The deployment's aliases, or a workspace's own."""
    with opened(context) as services:
        rows = (
            {"alias": name, "model": model, "workspace": workspace}
            for name, model in sorted(services.aliases.of(workspace).items())
        )
        show_all(context, rows, empty="There is no alias.")


@models.command("unalias")
def remove_alias(context: typer.Context, name: _Name, workspace: _OfWorkspace = None) -> None:
    """End an alias: jobs that were accepted under it keep their model."""
    with opened(context) as services:
        with recorded(services, "models unalias", workspace or "", alias=name):
            services.aliases.remove(name, workspace)
        show(context, {"removed": name, "workspace": workspace})


def _model(name: str) -> Model:
    catalogue = whole_catalogue()
    if catalogue.aliases.get(name, name) not in catalogue.models:
        stop(f"There is no model {name}.")
    return catalogue.model(name)
