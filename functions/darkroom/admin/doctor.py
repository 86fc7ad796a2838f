"""`darkroom-admin doctor`: is this deployment well?"""

from __future__ import annotations

from dataclasses import asdict

import typer

from darkroom.admin.deployment import Deployment
from darkroom.admin.diagnosis.checks import findings
from darkroom.admin.diagnosis.finding import Health
from darkroom.admin.output import opened, show_line, stop

_COLOURS = {
    Health.GOOD: typer.colors.GREEN,
    Health.BAD: typer.colors.RED,
    Health.NOT_CHECKED: typer.colors.YELLOW,
}
_WIDTH = 38


def show_health(context: typer.Context) -> None:
    """Look at the deployment, a line a subject: good, bad, or not checked. Exit 1 if one is bad.
    It changes nothing, and asks each provider with a key one harmless question.
    """
    stack = context.obj.stack
    if stack is None:
        stop("Which system? Give --stack, for example darkroom-dev.")
    is_bad = False
    with opened(context) as services:
        for finding in findings(Deployment(stack, services)):
            is_bad = is_bad or finding.health is Health.BAD
            state = typer.style(f"{finding.health:<11}", fg=_COLOURS[finding.health])
            line = f"{state}  {finding.subject:<{_WIDTH}}  {finding.text}"
            show_line(context, asdict(finding), line)
    if is_bad:
        raise typer.Exit(1)
