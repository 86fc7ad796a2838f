"""The public address: an HTTP API that sorts requests by method, and nothing else."""

from __future__ import annotations

import json

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct, IConstruct

from infra.constructs.logs import NamedLogGroup
from infra.constructs.nag import accept
from infra.options import Options

# The route and not the path, which holds the token of a provider's callback and the signature of a
# file; no query string and no header, which hold keys.
ACCESS_LOG_FIELDS = {
    "request_id": "$context.requestId",
    "time": "$context.requestTimeEpoch",
    "ip": "$context.identity.sourceIp",
    "user_agent": "$context.identity.userAgent",
    "method": "$context.httpMethod",
    "host": "$context.domainName",
    "route": "$context.routeKey",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "latency_ms": "$context.responseLatency",
    "integration_status": "$context.integrationStatus",
    "integration_latency_ms": "$context.integrationLatency",
    "error": "$context.error.message",
    "integration_error": "$context.integrationErrorMessage",
}

# What the wire shapes take their keys and choices from.
CORS_HEADERS = (
    "authorization",
    "content-type",
    "idempotency-key",
    "if-none-match",
    "prefer",
    "range",
    "x-api-key",
    "x-workspace-id",
)


class PublicApi(apigateway.HttpApi):
    def __init__(self, scope: Construct, name: str, options: Options) -> None:
        super().__init__(
            scope,
            name,
            api_name=f"darkroom-{options.stage}",
            create_default_stage=False,
            # With a domain there is one address, which can be moved to another deployment.
            disable_execute_api_endpoint=bool(options.domain),
            cors_preflight=_cors(options.cors_origins),
        )
        self.access_log = self._access_log(options)
        self.stage = self._stage(options)
        self.public_address = f"https://{options.domain}" if options.domain else self.api_endpoint

    def send(self, route_keys: tuple[str, ...], name: str, function: lambda_.IFunction) -> None:
        """Send what these route keys match to the function of that name, as payload version 2."""
        integration_id = f"{name}-integration"
        integration = HttpLambdaIntegration(integration_id, function)
        permissions: list[IConstruct] = []
        for route_key in route_keys:
            route = apigateway.HttpRoute(
                self,
                f"{name} {route_key}".replace("/", "|"),
                http_api=self,
                route_key=_route_key(route_key),
                integration=integration,
            )
            permissions += (one for one in route.node.find_all() if _is_permission(one))
            accept(
                route,
                "AwsSolutions-APIG4",
                because="Each wire shape has its key in a header of its own: the functions check "
                "it, and an authorizer would be a third function before each request.",
            )
        # When events move between a function and its alias, requests go there once they may.
        for made in self.node.find_all():
            is_integration = isinstance(made, apigateway.CfnIntegration)
            if is_integration and integration_id in made.node.path.split("/"):
                made.node.add_dependency(*permissions)

    def _access_log(self, options: Options) -> NamedLogGroup:
        return NamedLogGroup(
            self,
            "AccessLog",
            # Groups below this prefix need no entry in the account's resource policy for logs,
            # which has room for few.
            group_name=f"/aws/vendedlogs/darkroom-{options.stage}-api",
            days=options.log_retention_days,
        )

    def _stage(self, options: Options) -> apigateway.CfnStage:
        # The plain resource: the construct takes its log format as an object of its own language.
        return apigateway.CfnStage(
            self,
            "Stage",
            api_id=self.api_id,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=apigateway.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=options.throttle_rate,
                throttling_burst_limit=options.throttle_burst,
            ),
            access_log_settings=apigateway.CfnStage.AccessLogSettingsProperty(
                # Without the `:*` that a log group's own ARN ends with.
                destination_arn=Stack.of(self).format_arn(
                    service="logs",
                    resource="log-group",
                    resource_name=self.access_log.log_group_name,
                    arn_format=ArnFormat.COLON_RESOURCE_NAME,
                ),
                format=json.dumps(ACCESS_LOG_FIELDS),
            ),
        )


def _is_permission(construct: IConstruct) -> bool:
    return isinstance(construct, lambda_.CfnPermission)


def _route_key(key: str) -> apigateway.HttpRouteKey:
    if key == "$default":
        return apigateway.HttpRouteKey.DEFAULT
    method, path = key.split(" ")
    return apigateway.HttpRouteKey.with_(path, apigateway.HttpMethod(method))


def _cors(origins: tuple[str, ...]) -> apigateway.CorsPreflightOptions | None:
    """The gateway answers a browser's preflight itself; the functions never see one."""
    if not origins:
        return None
    return apigateway.CorsPreflightOptions(
        allow_origins=list(origins),
        allow_methods=[apigateway.CorsHttpMethod.ANY],
        # By name: to a browser the star stands for every header but Authorization.
        allow_headers=list(CORS_HEADERS),
        expose_headers=["*"],
    )
