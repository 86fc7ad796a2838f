"""The filters of event sources as the local AWS understands them: it knows no `$or`.

A pattern with alternatives becomes one pattern for each, and any of them lets a record through.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Pattern = dict[str, Any]
_MAPPING = "AWS::Lambda::EventSourceMapping"


def without_alternatives(template: dict[str, Any]) -> dict[str, Any]:
    resources = template["Resources"]
    return template | {"Resources": {name: _resource(one) for name, one in resources.items()}}


def _resource(resource: dict[str, Any]) -> dict[str, Any]:
    properties = resource.get("Properties", {})
    if resource["Type"] != _MAPPING or "FilterCriteria" not in properties:
        return resource
    patterns = [json.loads(one["Pattern"]) for one in properties["FilterCriteria"]["Filters"]]
    filters = [
        {"Pattern": json.dumps(single)} for pattern in patterns for single in alternatives(pattern)
    ]
    return resource | {"Properties": properties | {"FilterCriteria": {"Filters": filters}}}


def alternatives(pattern: Pattern) -> Iterator[Pattern]:
    for name, value in pattern.items():
        if name == "$or":
            rest = {other: one for other, one in pattern.items() if other != name}
            for choice in value:
                yield from alternatives(rest | choice)
            return
        if isinstance(value, dict):
            choices = list(alternatives(value))
            if choices != [value]:
                for choice in choices:
                    yield from alternatives(pattern | {name: choice})
                return
    yield pattern
