"""Figures that no service counts, counted from log lines."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

CLIENT_ERRORS = "client_errors"
PROVIDER_FAILURES = "provider_failures"


class LogCounts(Construct):
    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        stage: str,
        access_log: logs.ILogGroup,
        worker_log: logs.ILogGroup,
    ) -> None:
        super().__init__(scope, name)
        # Of its own for each stage: what a line does not hold cannot be a dimension.
        self._namespace = f"Darkroom/{stage}"
        logs.MetricFilter(
            self,
            "ClientErrors",
            log_group=access_log,
            filter_pattern=logs.FilterPattern.literal('{ $.status = "4*" }'),
            metric_namespace=self._namespace,
            metric_name=CLIENT_ERRORS,
            metric_value="1",
            dimensions={"status": "$.status"},
        )
        logs.MetricFilter(
            self,
            "ProviderFailures",
            log_group=worker_log,
            filter_pattern=logs.FilterPattern.literal('{ $.failure = "provider_failed" }'),
            metric_namespace=self._namespace,
            metric_name=PROVIDER_FAILURES,
            metric_value="1",
        )

    def client_errors(self, status: int, period: Duration) -> cloudwatch.Metric:
        return self._metric(CLIENT_ERRORS, period, {"status": str(status)})

    def provider_failures(self, period: Duration) -> cloudwatch.Metric:
        return self._metric(PROVIDER_FAILURES, period, {})

    def _metric(self, name: str, period: Duration, dimensions: dict[str, str]) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=self._namespace,
            metric_name=name,
            dimensions_map=dimensions,
            period=period,
            statistic="Sum",
        )
