"""Log groups of our own, so that nothing is kept for ever by default."""

from __future__ import annotations

from typing import cast

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct


class NamedLogGroup(logs.LogGroup):
    """Goes with the stack, whatever else is kept: a kept group would block the next deployment."""

    def __init__(self, scope: Construct, name: str, *, group_name: str, days: int) -> None:
        super().__init__(
            scope, name, log_group_name=group_name, removal_policy=RemovalPolicy.DESTROY
        )
        # The construct takes names of periods, the resource takes the number that we were given.
        cast("logs.CfnLogGroup", self.node.default_child).retention_in_days = days
