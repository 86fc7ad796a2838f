"""How a new version of a function comes to its events: by an alias, and a tenth of them first."""

from __future__ import annotations

from typing import cast

import aws_cdk as cdk
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.alarms import AlarmRow, make_alarm
from infra.constructs.function import DarkroomFunction

ALIAS = "live"
# A tenth of the events for five minutes, then all of them.
SHIFT = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
SERVER_ERRORS_METRIC = "server_errors"
MINUTE = Duration.minutes(1)
# Of a tenth of the requests, within a minute: twenty of all would be as these.
SERVER_ERRORS = 2
ROLLED_BACK_AT = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]


def live_alias(function: DarkroomFunction) -> lambda_.Alias:
    return lambda_.Alias(function, "Live", alias_name=ALIAS, version=function.current_version)


class Canaries(Construct):
    """CodeDeploy moves an alias to its new version, and back when an alarm goes on meanwhile."""

    def __init__(self, scope: Construct, name: str, *, stage: str) -> None:
        super().__init__(scope, name)
        self._stage = stage
        self._application = codedeploy.CfnApplication(
            self, "Application", compute_platform="Lambda"
        )
        # Not CodeDeploy's ready-made policy, which may change every function of the account.
        self._role = iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com")
        )

    def shift(self, name: str, alias: lambda_.Alias, *, answers_clients: bool) -> None:
        function = cast("DarkroomFunction", alias.version.lambda_)
        alarms = [self._crashes(name, function, alias)]
        if answers_clients:
            alarms.append(self._server_errors(name, function, alias))
        self._allow(function, alarms)
        group = self._group(name, alarms)
        resource = cast("lambda_.CfnAlias", alias.node.default_child)
        resource.cfn_options.update_policy = cdk.CfnUpdatePolicy(
            code_deploy_lambda_alias_update=cdk.CfnCodeDeployLambdaAliasUpdate(
                application_name=self._application.ref, deployment_group_name=group.ref
            )
        )
        # Its alarm looks at the new version before an event gets there.
        resource.node.add_dependency(group)

    # Both alarms are of the new version alone: an incident of the one before must not stop the
    # version that mends it.

    def _crashes(
        self, name: str, function: DarkroomFunction, alias: lambda_.Alias
    ) -> cloudwatch.Alarm:
        row = AlarmRow(
            name=f"canary-{name}-errors",
            version=alias.version.version,
            metric=_metric(
                "AWS/Lambda",
                "Errors",
                FunctionName=function.function_name,
                Resource=f"{function.function_name}:{ALIAS}",
                ExecutedVersion=alias.version.version,
            ),
            at_least=1,
            meaning=f"The new version of {name} crashed or timed out, and is rolled back.",
            runbook="function-errors",
        )
        return make_alarm(self, row, self._stage)

    def _server_errors(
        self, name: str, function: DarkroomFunction, alias: lambda_.Alias
    ) -> cloudwatch.Alarm:
        """From its log: a fault within a request is an answer to Lambda and no error, and the
        gateway does not know which version has answered.
        """
        namespace = f"Darkroom/{self._stage}"
        logs.MetricFilter(
            self,
            f"{name}-server-errors",
            log_group=function.own_log,
            filter_pattern=logs.FilterPattern.literal(
                '{ $.message = "request" && $.status >= 500 }'
            ),
            metric_namespace=namespace,
            metric_name=SERVER_ERRORS_METRIC,
            metric_value="1",
            dimensions={"service": "$.service", "version": "$.version"},
        )
        version = alias.version.version
        row = AlarmRow(
            name=f"canary-{name}-server-errors",
            version=version,
            metric=_metric(namespace, SERVER_ERRORS_METRIC, service=name, version=version),
            at_least=SERVER_ERRORS,
            meaning=f"The new version of {name} answers with 5xx, and is rolled back.",
            runbook="api-server-errors",
        )
        return make_alarm(self, row, self._stage)

    def _allow(self, function: lambda_.Function, alarms: list[cloudwatch.Alarm]) -> None:
        arn = function.function_arn
        self._role.add_to_policy(
            iam.PolicyStatement(
                actions=[
                    "lambda:GetAlias",
                    "lambda:UpdateAlias",
                    # It asks first whether there is any that would have to move along.
                    "lambda:GetProvisionedConcurrencyConfig",
                ],
                resources=[arn, f"{arn}:{ALIAS}"],
            )
        )
        self._role.add_to_policy(
            iam.PolicyStatement(
                actions=["cloudwatch:DescribeAlarms"],
                resources=[alarm.alarm_arn for alarm in alarms],
            )
        )

    def _group(self, name: str, alarms: list[cloudwatch.Alarm]) -> codedeploy.CfnDeploymentGroup:
        # The plain resource: the construct adds the ready-made policy to any role.
        group = codedeploy.CfnDeploymentGroup
        made = group(
            self,
            f"{name}-group",
            application_name=self._application.ref,
            service_role_arn=self._role.role_arn,
            deployment_config_name=SHIFT,
            deployment_style=group.DeploymentStyleProperty(
                deployment_type="BLUE_GREEN", deployment_option="WITH_TRAFFIC_CONTROL"
            ),
            alarm_configuration=group.AlarmConfigurationProperty(
                enabled=True,
                alarms=[group.AlarmProperty(name=alarm.alarm_name) for alarm in alarms],
            ),
            auto_rollback_configuration=group.AutoRollbackConfigurationProperty(
                enabled=True, events=ROLLED_BACK_AT
            ),
        )
        made.node.add_dependency(self._role)
        return made


def _metric(namespace: str, name: str, **dimensions: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        dimensions_map=dimensions,
        period=MINUTE,
        statistic="Sum",
    )
