"""A Lambda with a role of its own, which holds what its row grants and nothing more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.logs import NamedLogGroup
from infra.constructs.nag import accept
from infra.options import Options


class DarkroomFunction(lambda_.Function):
    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        options: Options,
        code: lambda_.Code,
        environment: Mapping[str, str],
        statements: Iterable[iam.PolicyStatement],
        memory_mb: int,
        timeout_seconds: int,
        reserved_concurrency: int | None,
        sends_to_itself: bool,
        snapstart: bool,
    ) -> None:
        full_name = f"darkroom-{options.stage}-{name}"
        role = iam.Role(
            scope, f"{name}-role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")
        )
        self.own_log = log_group = NamedLogGroup(
            scope,
            f"{name}-logs",
            group_name=f"/aws/lambda/{full_name}",
            days=options.log_retention_days,
        )
        # Not AWSLambdaBasicExecutionRole, which may write to every log group of the account.
        log_group.grant_write(role)
        for statement in statements:
            role.add_to_policy(statement)
        super().__init__(
            scope,
            name,
            function_name=full_name,
            handler=f"darkroom.handlers.{name}.handler",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            code=code,
            environment=dict(environment),
            role=role,
            log_group=log_group,
            memory_size=memory_mb,
            timeout=Duration.seconds(timeout_seconds),
            reserved_concurrent_executions=reserved_concurrency,
            recursive_loop=lambda_.RecursiveLoop.ALLOW if sends_to_itself else None,
            # CDK refuses it for a runtime that knows no snapshots.
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if snapstart else None,
            # Lambda's own, which needs no library in the function and costs it no cold start.
            tracing=lambda_.Tracing.ACTIVE,
        )
        _acknowledge(role, self)


def _acknowledge(role: iam.Role, function: lambda_.Function) -> None:
    accept(
        role,
        "AwsSolutions-IAM5[Resource::*]",
        because="xray:PutTraceSegments and xray:PutTelemetryRecords know no resources.",
    )
    accept(
        function,
        "AwsSolutions-L1",
        because="The wheels and the compiled files of the bundle are built for Python 3.13.",
    )
