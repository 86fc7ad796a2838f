"""What a deployment says before and after: where, what, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.deploying.account import Account
from infra.deploying.sizing import Sizing

KEPT = "the table of jobs, the bucket of images and the secrets"


def deployment(
    account: Account, stack: str, standing: Mapping[str, Any] | None, sizing: Sizing
) -> str:
    return "\n".join(
        [
            f"Deploying {stack} to account {account.id} in {account.region}",
            f"  as {account.caller}",
            f"  there is {_standing(standing)}",
            *(f"  {line}" for line in sizing.lines),
        ]
    )


def _standing(stack: Mapping[str, Any] | None) -> str:
    if stack is None:
        return "no such stack yet: it will be made"
    changed = stack.get("LastUpdatedTime", stack["CreationTime"])
    return f"a stack of that name, {stack['StackStatus']}, last changed {changed:%Y-%m-%d %H:%M}"


def comparison(account: Account, stack: str, sizing: Sizing) -> str:
    return "\n".join(
        [
            f"Comparing {stack} with what is deployed to account {account.id} in {account.region}",
            *(f"  {line}" for line in sizing.lines),
        ]
    )


def bootstrapping(account: Account) -> str:
    return (
        f"Bootstrapping account {account.id} in {account.region}: the stack CDKToolkit, with a "
        "bucket for code and the roles that deployments take"
    )


def destruction(account: Account, stack: str) -> str:
    return "\n".join(
        [
            f"Deleting {stack} from account {account.id} in {account.region}",
            f"  with keep_data, these stay: {KEPT}",
            "  everything else goes: the API and its address, queues and what waits in them, logs",
        ]
    )


def next_steps(stack: str, region: str, made: Mapping[str, Any]) -> str:
    outputs = {row["OutputKey"]: row["OutputValue"] for row in made["Outputs"]}
    address = outputs["ApiUrl"]
    admin = f".venv/bin/darkroom-admin --stack {stack}"
    console = f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
    return f"""
{stack} is deployed: {address}
{_records(address, outputs)}
A workspace, a key and an image:

  export AWS_DEFAULT_REGION={region}
  {admin} workspace create acme --credits 100
  KEY=$({admin} key create acme | sed 's/.*"key": "\\([^"]*\\)".*/\\1/')
  curl -s {address}/v1/jobs -H "Authorization: Bearer $KEY" -H 'Prefer: wait=20' \\
    -d '{{"prompt": "a lighthouse at dusk"}}'

  Docs       {address}/docs
  Dashboard  {console}#dashboards/dashboard/{stack}
  Providers  {admin} providers list, and docs/providers.md
"""


def _records(address: str, outputs: Mapping[str, str]) -> str:
    """Those that no hosted zone of this account has got from the deployment."""
    if "DomainTarget" not in outputs:
        return ""
    domain = address.removeprefix("https://")
    return f"""
It answers there once your DNS has these records:

  {domain}    CNAME  {outputs["DomainTarget"]}
  *.{domain}  CNAME  {outputs["DialectsTarget"]}
"""
