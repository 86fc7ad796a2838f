"""The call of an operation as one types it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_NAMED = re.compile(r"{(\w+)}")
_KEYS = {"bearer": "Authorization: Bearer $KEY", "apiKey": "x-api-key: $KEY"}


def curl(base: str, method: str, path: str, operation: Mapping[str, Any]) -> str:
    parameters = operation.get("parameters", ())
    values = {one["name"]: str(one.get("example", "")) for one in parameters}
    address = base + _NAMED.sub(lambda found: values[found[1]], path)
    words = [f"curl{'' if method in {'get', 'post'} else f' -X {method.upper()}'} {address}"]
    if method == "post" and "requestBody" not in operation:
        words[0] = f"curl -X POST {address}"
    words += [f'-H "{_KEYS[scheme]}"' for one in operation["security"][:1] for scheme in one]
    words += [
        f'-H "{one["name"]}: {one["example"]}"'
        for one in parameters
        # Of those that may be left out, the one without which a repeat may be paid twice.
        if one["in"] == "header" and (one.get("required") or one["name"] == "Idempotency-Key")
    ]
    for kind, sent in list(operation.get("requestBody", {}).get("content", {}).items())[:1]:
        words += _body(kind, sent["example"])
    return " \\\n  ".join(words)


def _body(kind: str, example: Mapping[str, Any]) -> list[str]:
    if kind == "application/json":
        text = json.dumps(example, ensure_ascii=False)
        return ['-H "Content-Type: application/json"', f"-d '{text}'"]
    return [
        f"-F {name}=@{value}" if name == "file" else f"-F {name}={value}"
        for name, value in example.items()
    ]
