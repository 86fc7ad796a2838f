"""The providers' keys of this machine: from its environment, or from a file `.env` beside it.

They go where they lie on AWS, into a secret a provider; no function gets them in its environment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from infra.local.aws import Aws
from infra.provider_rows import provider_rows

# The field for whose value Google's own tools take the name of a file.
_FILE = "service_account"
Accounts = Mapping[str, Mapping[str, str]]

_ASSIGNMENT = re.compile(r"(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)")
_QUOTED = re.compile(r"""(["'])(.*?)\1\s*(?:#.*)?""")
_COMMENT = re.compile(r"(?:^|\s+)#.*")


def found_keys(root: Path, environment: Mapping[str, str]) -> Accounts:
    """What each provider that can be asked from here has, by name. One that lacks something would
    only take the place of the painter, and fail.

    The environment goes before the file, which ENV_FILE may name: an empty variable takes a key of
    the file away.
    """
    file = Path(environment.get("ENV_FILE") or root / ".env")
    known = {**_dotenv(file), **environment}
    found = {}
    for name, row in provider_rows().items():
        variables = {"base_url": f"{name.upper()}_BASE_URL", **row.get("variables", {})}
        values = {field: known.get(variable, "").strip() for field, variable in variables.items()}
        if _FILE in values:
            values[_FILE] = _service_account(root, values[_FILE])
        account = {field: value for field, value in values.items() if value}
        needs = row.get("needs", [["key"]])
        if not row.get("keyless") and any(account.keys() >= set(needed) for needed in needs):
            found[name] = account
    return found


def _service_account(root: Path, given: str) -> str:
    """The file's content on one line, or nothing: many other things are kept in such a file, and
    its variable is often there for other tools.
    """
    try:
        text = (
            given if given.startswith("{") else (root / Path(given).expanduser()).read_text("utf-8")
        )
        read = json.loads(text)
    except (OSError, ValueError):
        return ""
    is_one = isinstance(read, dict) and read.get("type") == _FILE
    return json.dumps(read) if is_one else ""


def keep_keys(aws: Aws, prefix: str, accounts: Accounts) -> None:
    secrets = aws.client("secretsmanager")
    for name, account in accounts.items():
        text = json.dumps(account, sort_keys=True)
        with suppress(secrets.exceptions.ResourceExistsException):
            secrets.create_secret(Name=prefix + name, SecretString=text)
            continue
        secrets.put_secret_value(SecretId=prefix + name, SecretString=text)


def _dotenv(file: Path) -> dict[str, str]:
    """Lines of NAME=value; quotes around a value and comments behind it are not part of it."""
    if not file.is_file():
        return {}
    # Some editors begin a file with a mark of its encoding.
    lines = file.read_text("utf-8-sig").splitlines()
    matches = (_ASSIGNMENT.fullmatch(line.strip()) for line in lines)
    return {match[1]: _plain(match[2].strip()) for match in matches if match}


def _plain(value: str) -> str:
    quoted = _QUOTED.fullmatch(value)
    return quoted[2] if quoted else _COMMENT.sub("", value)
