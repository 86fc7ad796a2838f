"""A deployed stack, as the operator's checks see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from darkroom.aws.stack import describe_stack, stack_resources
from darkroom.bootstrap.admin import AdminServices


@dataclass(frozen=True)
class Deployment:
    stack: str
    services: AdminServices

    def client(self, service: str) -> Any:
        return self.services.clients.get(service)

    @cached_property
    def description(self) -> Mapping[str, Any]:
        """Raises LookupError where there is no such stack."""
        return describe_stack(self.client("cloudformation"), self.stack)

    @cached_property
    def outputs(self) -> Mapping[str, str]:
        return {row["OutputKey"]: row["OutputValue"] for row in self.description["Outputs"]}

    @cached_property
    def resources(self) -> Sequence[tuple[str, str, str]]:
        return tuple(stack_resources(self.client("cloudformation"), self.stack))

    def physical_ids(self, kind: str) -> Mapping[str, str]:
        """Of all resources of this type, by their logical id."""
        return {logical: name for one, logical, name in self.resources if one == kind}

    @property
    def region(self) -> str:
        return str(self.client("sqs").meta.region_name)

    @property
    def is_local(self) -> bool:
        """Not AWS: `make run`, which has no alarms, metrics or quotas."""
        return ".amazonaws." not in self.client("sqs").meta.endpoint_url
