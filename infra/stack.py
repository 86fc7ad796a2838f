"""The whole system, as one stack."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.alarm_rows import alarm_rows
from infra.bundling import asset_folder
from infra.constructs.alarms import Alarms
from infra.constructs.api import PublicApi
from infra.constructs.cdn import Cdn
from infra.constructs.dashboard import Dashboard
from infra.constructs.domain import OwnDomain, Target
from infra.constructs.function import DarkroomFunction
from infra.constructs.log_counts import LogCounts
from infra.constructs.release import Canaries, live_alias
from infra.errors import SynthesisError
from infra.function_row import FunctionRow, Routes
from infra.functions import function_rows
from infra.grants import provider_secrets
from infra.options import Bundle, Options
from infra.provider_rows import providers_of
from infra.resources import Resources, shared_resources
from infra.triggers import connect_triggers

# A lease outlives the function that holds it, or a second worker would make the same image
# meanwhile. The margin is for clocks that differ.
LEASE_MARGIN_SECONDS = 10
# W3005: CDK names dependencies that a reference implies already.
IGNORED_LINTS = ["W3005"]


class UnknownSettingError(SynthesisError):
    """A function's settings name a variable that the stack has no value for."""

    def __init__(self, function: str, names: list[str]) -> None:
        super().__init__(f"{function} wants {', '.join(names)}: give it a value in infra/stack.py")


class DarkroomStack(cdk.Stack):
    def __init__(self, scope: Construct, options: Options, environment: cdk.Environment) -> None:
        super().__init__(
            scope,
            f"darkroom-{options.stage}",
            description="Darkroom: prompts into stored images",
            env=environment,
            # A stack that keeps data cannot be deleted by one click.
            termination_protection=options.keep_data,
            # The template asks for no bootstrap version, so that it also deploys where there is
            # no bootstrap, as on the local AWS. The command line checks the version all the same.
            synthesizer=cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
        )
        self.template_options.metadata = {"cfn-lint": {"config": {"ignore_checks": IGNORED_LINTS}}}
        rows = function_rows(options)
        timeout_of = {row.name: row.timeout_seconds for row in rows}
        resources = shared_resources(self, options, timeout_of)
        api = PublicApi(self, "Api", options)
        domain = (
            OwnDomain(self, "Domain", api=api, domain=options.domain, options=options)
            if options.domain
            else None
        )
        cdn = Cdn(self, "Cdn", api=api, domain=domain, options=options) if options.cdn else None
        targets = _targets(domain, cdn)
        if domain and options.hosted_zone:
            domain.add_records(targets, options.hosted_zone)
        address = cdn.address if cdn else api.public_address
        values = _environment_values(resources, options, address, cdn)
        functions = {row.name: _function(self, row, resources, values, options) for row in rows}
        event_targets = _event_targets(self, rows, functions, options)
        for row in rows:
            connect_triggers(
                functions[row.name], event_targets[row.name], row.trigger, resources, api
            )
        if options.observability:
            _watch(self, options, resources, functions, api)
        _outputs(self, resources, functions, api=api, address=address, options=options)
        if not options.hosted_zone:
            for name, target in targets.items():
                cdk.CfnOutput(self, name, value=target.name)
        # In the template, and not as tags of the stack, which only CDK's command line would set.
        cdk.Tags.of(self).add("Project", "darkroom")
        cdk.Tags.of(self).add("Stage", options.stage)


def _environment_values(
    resources: Resources, options: Options, address: str, cdn: Cdn | None
) -> dict[str, str]:
    """What each setting stands for, whichever functions ask for it."""
    return {
        "stage": options.stage,
        "log_level": options.log_level,
        "table_name": resources.table.table_name,
        "waits_table_name": resources.waits.table_name,
        "waits_per_key": str(options.waits_per_key),
        "waits_per_workspace": str(options.waits_per_workspace),
        "waits_per_function": options.waits_per_function,
        "bucket_name": resources.bucket.bucket_name,
        "images_queue_url": resources.images.queue.queue_url,
        "backlog_queue_url": resources.backlog.queue.queue_url,
        "workspace_share": str(options.workspace_share),
        "dead_letter_queue_url": resources.images.dead_letters.queue_url,
        "webhooks_queue_url": resources.webhooks.queue.queue_url,
        "slow_webhooks_queue_url": resources.slow_webhooks.queue.queue_url,
        # Never all: others' messages find one that is free.
        "webhooks_per_workspace": str(max(1, options.webhook_concurrency // 2)),
        "intake_queue_url": resources.intake.queue.queue_url,
        "intake_dead_letter_queue_url": resources.intake.dead_letters.queue_url,
        "set_aside_queue_url": resources.set_aside.queue_url,
        "event_bus_name": resources.bus.event_bus_name,
        "signing_secret": resources.signing_secret.arn,
        "webhook_secret": resources.webhook_secret.arn,
        "jwt_issuer": options.tokens.issuer,
        "jwt_audience": options.tokens.audience,
        "jwt_jwks_url": options.tokens.jwks_url,
        "providers": providers_of(options.providers),
        "provider_secrets": provider_secrets(options.stage),
        "public_url": options.public_url or _address(options, address),
        "media_days": str(options.media_days),
        "files_url": _files_url(options, address),
        "cdn_key": cdn.key if cdn else "",
        "stand_in": "1" if options.stand_in else "",
        "fetch_from": ",".join(options.fetch_from),
        "writer_url": options.writer.url,
        "writer_model": options.writer.model,
        "writer_secret": options.writer.secret,
        "lease_seconds": str(options.worker_timeout + LEASE_MARGIN_SECONDS),
    }


def _targets(domain: OwnDomain | None, cdn: Cdn | None) -> Mapping[str, Target]:
    """What the records of a domain point to, by the names of outputs."""
    if domain is None:
        return {}
    return dict.fromkeys(domain.targets, cdn.target) if cdn else domain.targets


def _address(options: Options, address: str) -> str:
    """The API's public URL; empty where none was given."""
    return "" if options.bundle is Bundle.CODE else address


def _files_url(options: Options, address: str) -> str:
    """Empty where answers name the host that they were asked at, as on one machine."""
    if options.public_url:
        is_local = options.public_url.startswith("http://")
        return "" if is_local else options.public_url
    if options.bundle is Bundle.CODE:
        return ""
    return address if options.domain or options.cdn else ""


def _function(
    scope: Construct,
    row: FunctionRow,
    resources: Resources,
    values: dict[str, str],
    options: Options,
) -> DarkroomFunction:
    return DarkroomFunction(
        scope,
        row.name,
        options=options,
        code=lambda_.Code.from_asset(str(asset_folder(row.dependencies, options.bundle))),
        environment=_environment(row, values),
        statements=[grant(resources) for grant in row.grants],
        memory_mb=row.memory_mb,
        timeout_seconds=row.timeout_seconds,
        reserved_concurrency=row.reserved_concurrency,
        sends_to_itself=row.sends_to_itself,
        snapstart=row.snapstart,
    )


def _event_targets(
    scope: Construct,
    rows: tuple[FunctionRow, ...],
    functions: Mapping[str, DarkroomFunction],
    options: Options,
) -> Mapping[str, lambda_.IFunction]:
    """What gets the events of each row: its function, or the alias of its published version."""
    canaries = Canaries(scope, "Canaries", stage=options.stage) if options.canary else None
    targets: dict[str, lambda_.IFunction] = {**functions}
    for row in rows:
        if row.canary or row.snapstart:
            targets[row.name] = alias = live_alias(functions[row.name])
            if row.canary and canaries:
                canaries.shift(row.name, alias, answers_clients=isinstance(row.trigger, Routes))
    return targets


def _environment(row: FunctionRow, values: dict[str, str]) -> dict[str, str]:
    names = row.settings.environment_names()
    unknown = [name for name in names if name.lower() not in values]
    if unknown:
        raise UnknownSettingError(row.name, unknown)
    return {name: values[name.lower()] for name in names}


def _watch(
    scope: Construct,
    options: Options,
    resources: Resources,
    functions: dict[str, DarkroomFunction],
    api: PublicApi,
) -> None:
    counts = LogCounts(
        scope,
        "LogCounts",
        stage=options.stage,
        access_log=api.access_log,
        worker_log=functions["worker"].own_log,
    )
    Alarms(
        scope,
        "Alarms",
        options=options,
        rows=alarm_rows(options, functions, resources, api, counts),
    )
    Dashboard(
        scope,
        "Dashboard",
        stage=options.stage,
        functions=functions,
        resources=resources,
        api=api,
    )


def _outputs(
    scope: Construct,
    resources: Resources,
    functions: dict[str, DarkroomFunction],
    *,
    api: PublicApi,
    address: str,
    options: Options,
) -> None:
    outputs = {
        "ApiUrl": address,
        "ApiId": api.api_id,
        "TableName": resources.table.table_name,
        "BucketName": resources.bucket.bucket_name,
        "MediaDays": str(options.media_days),
        "ConcurrencyNeeded": str(options.needed_concurrency),
        "ImagesQueueUrl": resources.images.queue.queue_url,
        "BacklogQueueUrl": resources.backlog.queue.queue_url,
        "DeadLetterQueueUrl": resources.images.dead_letters.queue_url,
        "WebhooksQueueUrl": resources.webhooks.queue.queue_url,
        "SlowWebhooksQueueUrl": resources.slow_webhooks.queue.queue_url,
        "IntakeQueueUrl": resources.intake.queue.queue_url,
        "IntakeDeadLetterQueueUrl": resources.intake.dead_letters.queue_url,
        "SetAsideQueueUrl": resources.set_aside.queue_url,
        "EventBusName": resources.bus.event_bus_name,
        "SigningSecretArn": resources.signing_secret.arn,
        "WebhookSecretArn": resources.webhook_secret.arn,
        "Providers": providers_of(options.providers),
        "ProviderSecrets": provider_secrets(options.stage),
        "Version": version("darkroom"),
    }
    for name, function in functions.items():
        outputs[f"{name.capitalize()}FunctionName"] = function.function_name
    for name, value in outputs.items():
        cdk.CfnOutput(scope, name, value=value)
