"""`darkroom-admin prove`: show on a real account what only AWS can show, into a signed report."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from darkroom.admin.audit import recorded
from darkroom.admin.deployment import Deployment
from darkroom.admin.output import DryRun, Yes, agree, opened, show_all, show_line, stop
from darkroom.admin.proof.facts import NotShown
from darkroom.admin.proof.report import Outcome, Result, is_genuine, signed_report
from darkroom.admin.proof.table import CHECKS, ProofCheck, run_check
from darkroom.admin.proof.workspace import ProofWorkspace, wait_for
from darkroom.bootstrap.admin import AdminServices
from darkroom.domain.api_key import ADMIN, SCOPES
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.money import Terms
from darkroom.usecases.create_workspace import Limits
from darkroom.usecases.filter_jobs import JobFilter, filtered_jobs

_COLOURS = {
    Result.SHOWN: typer.colors.GREEN,
    Result.WRONG: typer.colors.RED,
    Result.OPEN: typer.colors.YELLOW,
}
_CREDITS = 10_000
_LIMITS = Limits(requests_per_minute=10_000, max_in_flight=1_000)
_REQUEST_SECONDS = 60
# The sweeper clears what workers may have left of canceled jobs.
_CLEAR_SECONDS = 900
_WIDTH = 18


def prove_deployment(  # noqa: PLR0917 - typer makes options of them
    context: typer.Context,
    only: Annotated[
        list[str] | None, typer.Option(help="These checks alone, as --dry-run names them.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("proof.json"),
    api: Annotated[
        str | None,
        typer.Option(envvar="DARKROOM_API", help="The API's address. Without: the stack's."),
    ] = None,
    origin: Annotated[str, typer.Option(help="One of the deployment's cors_origins.")] = "",
    verify: Annotated[
        Path | None, typer.Option(help="Say whether this report is genuine, and do no more.")
    ] = None,
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Show on a real account what only AWS can show: within an hour, for less than a dollar. The
    report names no account, resource or address. Exit 1 if a check went wrong.
    """
    stack = context.obj.stack
    if stack is None:
        stop("Which system? Give --stack, for example darkroom-dev.")
    if not out.parent.is_dir():
        stop(f"There is no folder {out.parent}.")
    checks = _chosen(only or ())
    if dry_run:
        show_all(context, map(_described, checks), empty="")
        return
    with opened(context) as services:
        if verify is not None:
            _verify(verify, services)
            return
        deployment = Deployment(stack, services)
        cost, minutes = sum(one.usd for one in checks), sum(one.seconds for one in checks) / 60
        question = f"Run {len(checks)} checks on {stack} (about ${cost:.2f}, {minutes:.0f} min)?"
        agree(question, yes=yes)
        outcomes: list[Outcome] = []
        with (
            recorded(services, "prove", checks=[one.name for one in checks]) as record,
            _workspaces(deployment, api or deployment.outputs["ApiUrl"], origin) as workspace,
        ):
            record.details["workspace"] = workspace.name
            try:
                outcomes.extend(_run(context, checks, workspace))
            finally:
                # Before the workspaces are deleted, and of what was run before an interruption.
                _write(out, outcomes, deployment)
    if any(outcome.result is Result.WRONG for outcome in outcomes):
        raise typer.Exit(1)


def _chosen(names: Sequence[str]) -> Sequence[ProofCheck]:
    known = {check.name: check for check in CHECKS}
    if unknown := [name for name in names if name not in known]:
        stop(f"There is no check {', '.join(unknown)}: {', '.join(known)}.")
    return [check for check in CHECKS if not names or check.name in names]


def _described(check: ProofCheck) -> Mapping[str, Any]:
    return {
        "name": check.name,
        "shows": check.shows,
        "usd": check.usd,
        "seconds": check.seconds,
        "where": "AWS alone" if check.needs_aws else "anywhere",
    }


def _write(out: Path, outcomes: Sequence[Outcome], deployment: Deployment) -> None:
    report = signed_report(
        outcomes,
        version=version("darkroom"),
        region="local" if deployment.is_local else deployment.region,
        day=deployment.services.clock.now().date().isoformat(),
        secrets=deployment.services.secrets,
    )
    out.write_text(json.dumps(report, indent=2) + "\n")
    typer.echo(f"The report is in {out}.", err=True)


def _run(
    context: typer.Context, checks: Sequence[ProofCheck], workspace: ProofWorkspace
) -> Iterator[Outcome]:
    for check in checks:
        outcome, error = run_check(check, workspace)
        state = typer.style(f"{outcome.result:<5}", fg=_COLOURS[outcome.result])
        facts = " ".join(f"{name}={value}" for name, value in outcome.facts.items())
        text = facts or outcome.reason
        show_line(context, asdict(outcome), f"{state}  {outcome.name:<{_WIDTH}}  {text}")
        if error is not None:
            typer.echo(f"{outcome.name}: {error}", err=True)
        yield outcome


def _verify(path: Path, services: AdminServices) -> None:
    try:
        report = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        stop(f"{path} cannot be read: {error}")
    if not isinstance(report, dict) or not is_genuine(report, services.secrets):
        stop(f"{path} was not signed by this deployment, or was changed.")
    typer.echo("The report is genuine.")


@contextmanager
def _workspaces(deployment: Deployment, api: str, origin: str) -> Iterator[ProofWorkspace]:
    """A workspace, and another beside it, which are deleted at the end."""
    base = f"prove-{deployment.services.ids.new_id()[-12:]}"
    with ExitStack() as cleanup:
        first, second = (
            ProofWorkspace(
                deployment=deployment,
                http=_client(deployment.services, name, api, cleanup),
                name=name,
                origin=origin,
            )
            for name in (base, f"{base}-b")
        )
        yield replace(first, neighbour=second)


def _client(services: AdminServices, workspace: str, api: str, cleanup: ExitStack) -> httpx.Client:
    services.create_workspace(workspace, _CREDITS, _LIMITS, "pro")
    cleanup.callback(_delete, services, workspace)
    key, _ = services.key_service.create(workspace, scopes=set(SCOPES) - {ADMIN})
    headers = {"authorization": f"Bearer {key}"}
    client = httpx.Client(base_url=api, headers=headers, timeout=_REQUEST_SECONDS)
    return cleanup.enter_context(client)


def _delete(services: AdminServices, workspace: str) -> None:
    now = services.clock.now().isoformat(timespec="seconds")
    services.accounts.change(workspace, Terms(suspended_at=now))
    for job in filtered_jobs(workspace, JobFilter(), jobs=services.jobs):
        if not job.status.is_terminal:
            services.cancel_job(job, "prove")

    def delete() -> bool:
        try:
            return not services.delete_workspace(workspace)
        except InvalidRequest:
            return False  # the sweeper has not been there yet

    try:
        wait_for(delete, _CLEAR_SECONDS, f"{workspace} could not be deleted")
    except NotShown as error:
        typer.echo(f"{error}: workspace delete {workspace}", err=True)
