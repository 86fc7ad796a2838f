"""`darkroom-admin key`: the API keys of a workspace."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import typer

from darkroom.admin.audit import recorded
from darkroom.admin.output import (
    Workspace,
    command_group,
    must_exist,
    opened,
    show,
    show_all,
    stop,
)
from darkroom.domain.api_key import ADMIN, SCOPES, KeyRecord

keys = command_group("API keys of a workspace.")

KeyId = Annotated[str, typer.Argument(help="The key's id, as `key list` shows it.")]


@keys.command("create")
def create_key(
    context: typer.Context,
    workspace: Workspace,
    scope: Annotated[
        list[str] | None,
        typer.Option(help=f"Of {', '.join(SCOPES)}; once for each. Without: all but admin."),
    ] = None,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
    requests_per_minute: Annotated[int | None, typer.Option(min=1)] = None,
) -> None:
    """Cut a key. It is shown this once; only its hash is kept."""
    scopes = set(scope or set(SCOPES) - {ADMIN})
    unknown = scopes - set(SCOPES)
    if unknown:
        stop(f"There is no scope {', '.join(sorted(unknown))}.")
    with (
        opened(context) as services,
        recorded(services, "key create", workspace, label=label, scopes=sorted(scopes)) as record,
    ):
        key, made = services.key_service.create(
            workspace,
            scopes=scopes,
            label=label,
            requests_per_minute=requests_per_minute,
        )
        record.details["key"] = made.id
        show(context, {**_described(made), "key": key})


@keys.command("list")
def list_keys(context: typer.Context, workspace: Workspace) -> None:
    """The keys of a workspace; of the keys themselves nothing is kept."""
    with opened(context) as services:
        must_exist(services, workspace)
        rows = map(_described, services.key_service.keys.of_workspace(workspace))
        show_all(context, rows, empty=f"{workspace} has no key.")


@keys.command("rotate")
def rotate_key(
    context: typer.Context,
    workspace: Workspace,
    key_id: KeyId,
    overlap_hours: Annotated[float, typer.Option(min=0, help="How long both open.")] = 24,
) -> None:
    """A new key in the place of an old one, which opens a while longer."""
    with (
        opened(context) as services,
        recorded(services, "key rotate", workspace, replaced=key_id) as record,
    ):
        key, made = services.key_service.rotate(workspace, key_id, timedelta(hours=overlap_hours))
        record.details["key"] = made.id
        show(context, {**_described(made), "key": key})


@keys.command("revoke")
def revoke_key(context: typer.Context, workspace: Workspace, key_id: KeyId) -> None:
    """Within 60 seconds the key opens nothing any more."""
    with opened(context) as services, recorded(services, "key revoke", workspace, key=key_id):
        services.key_service.revoke(workspace, key_id)
        show(context, {"id": key_id, "revoked": True})


def _described(record: KeyRecord) -> dict[str, Any]:
    values = asdict(record)
    del values["hash"]
    return {**values, "scopes": sorted(record.scopes)}
