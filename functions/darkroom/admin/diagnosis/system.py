"""The stack itself: state, version, secrets, and this machine's clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from importlib.metadata import version

from darkroom.admin.deployment import Deployment
from darkroom.admin.diagnosis.finding import Finding, bad, good, judged, not_checked

# A lease is ten seconds longer than its function; AWS refuses signatures from five minutes on.
_MOST_SKEW_SECONDS = 5
# Beside what a deployment left: nothing is under way, and nothing was left half done.
_SETTLED = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")


def check_stack(deployment: Deployment) -> Iterator[Finding]:
    state = deployment.description["StackStatus"]
    yield judged("stack", f"{deployment.stack}, {state}", is_good=state in _SETTLED)


def check_version(deployment: Deployment) -> Iterator[Finding]:
    here, there = version("darkroom"), deployment.outputs.get("Version")
    if there is None:
        yield not_checked("version", f"this is {here}; the stack does not say its own")
    elif there == here:
        yield good("version", here)
    else:
        yield bad("version", f"{there} is deployed, and this command is of {here}")


def check_secrets(deployment: Deployment) -> Iterator[Finding]:
    """Raises LookupError for one that cannot be read."""
    services = deployment.services
    for name, secret in (("signing", services.secrets), ("webhooks", services.webhook_secrets)):
        yield good(f"secret {name}", f"{len(secret.generations())} generations")


def check_clock(deployment: Deployment) -> Iterator[Finding]:
    answer = deployment.client("sts").get_caller_identity()
    here = deployment.services.clock.now()
    date = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    if date is None:
        yield not_checked("clock", "the answer has no date")
        return
    # A date has whole seconds.
    skew = abs((here - parsedate_to_datetime(date).astimezone(UTC)).total_seconds() - 0.5)
    text = f"{skew:.1f} s from AWS's"
    yield judged("clock", text, is_good=skew <= _MOST_SKEW_SECONDS)
