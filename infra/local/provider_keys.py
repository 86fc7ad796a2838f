"""The providers' keys of this machine: from its environment, or from a file `.env` beside it.

They go where they lie on AWS, into a secret a provider; no function gets them in its environment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from infra.local.aws import Aws
from infra.provider_rows import provider_rows

Accounts = Mapping[str, Mapping[str, str]]


def found_keys(root: Path, environment: Mapping[str, str]) -> Accounts:
    """What each provider with a key here has, by name."""
    known = {**_dotenv(root / ".env"), **environment}
    found = {}
    for name, row in provider_rows().items():
        variables = {"base_url": f"{name.upper()}_BASE_URL", **row.get("variables", {})}
        account = {part: known[name] for part, name in variables.items() if known.get(name)}
        if account.keys() & row.get("variables", {}).keys() - {"base_url"}:
            found[name] = account
    return found


def keep_keys(aws: Aws, prefix: str, accounts: Accounts) -> None:
    secrets = aws.client("secretsmanager")
    for name, account in accounts.items():
        text = json.dumps(account, sort_keys=True)
        with suppress(secrets.exceptions.ResourceExistsException):
            secrets.create_secret(Name=prefix + name, SecretString=text)
            continue
        secrets.put_secret_value(SecretId=prefix + name, SecretString=text)


def _dotenv(file: Path) -> dict[str, str]:
    """Lines of NAME=value; quotes around a value are not part of it."""
    if not file.is_file():
        return {}
    pairs = (
        line.strip().removeprefix("export ").partition("=")
        for line in file.read_text("utf-8").splitlines()
        if not line.lstrip().startswith("#")
    )
    return {name.strip(): _unquoted(value.strip()) for name, equals, value in pairs if equals}


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if is_quoted else value
