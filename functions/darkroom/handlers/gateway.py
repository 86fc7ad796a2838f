"""API Gateway's events and answers (HTTP API, payload 2.0), and a request's way between them."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger

from darkroom.bootstrap.api import Api
from darkroom.dialects.native.problems import code_of
from darkroom.dialects.registry import choose
from darkroom.dialects.wire import Request, Response
from darkroom.domain.errors import DarkroomError, InvalidRequest, NotFound, RateLimited
from darkroom.domain.outcomes import RateLimitStatus
from darkroom.domain.waits import seconds_of

_HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")
# CloudFront puts its key there, whatever the client has sent (infra/constructs/cdn.py).
_CDN_KEY = "x-darkroom-cdn-key"
_ALWAYS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "strict-transport-security": "max-age=31536000",
}


def serve(event: dict[str, Any], api: Api, log: Logger) -> dict[str, Any]:
    begun = time.monotonic()
    settings = api.ports.settings
    request = read_event(event, settings.cdn_key, settings.files_url)
    # On every line from here on.
    log.append_keys(request_id=request.request_id)
    dialect, local = choose(request)
    facts: dict[str, Any] = {"dialect": dialect.name}
    caller, rate_limit, context = None, None, None
    extra: dict[str, str] = {}
    try:
        route, parameters = dialect.match(local)
        facts["route"] = route.path
        if route.scope is not None:
            credential = dialect.credential(local)
            caller = api.authenticate(credential, route.scope, request.request_id)
            facts["workspace"] = caller.workspace
        context = api.context(dialect.name, local, parameters, caller)
        operation = dialect.read(route, context)
        account, rate_limit = api.check_rate_limit(operation, caller, request)
        with api.limited_wait(operation, caller) as admitted:
            if seconds_of(admitted) < seconds_of(operation):
                facts["waits"] = "too_many"
                extra = {"preference-applied": "wait=0"}
            outcome = api.perform(admitted, caller, account)
        response = route.response(outcome, context)
    except DarkroomError as refusal:
        error, rate_limit = _counted(refusal, rate_limit, partial(api.count, request, caller))
        response = dialect.refuse(error, local)
        facts |= {"refused": type(error).__name__, "code": _code(error)}
        if isinstance(error, NotFound):
            # The path may hold a key that was pasted into it: only logs for developers show it.
            log.debug("not_found", path=request.path)
        if isinstance(error, RateLimited):
            rate_limit = _spent(error, request)
    except Exception as fault:
        log.exception("fault")
        response = dialect.refuse(api.client_error(fault), local)
    if context is not None and context.job:
        facts["job"] = extra["darkroom-job"] = context.job
    if request.ignored:
        facts["ignored"] = extra["darkroom-ignored"] = str(request.ignored)
    limits = dialect.limits(rate_limit) if rate_limit else {}
    log.info(
        "request",
        method=request.method,
        # The route, never the path as it was sent: that may hold anything.
        status=response.status,
        duration_ms=round((time.monotonic() - begun) * 1000),
        **facts,
    )
    return write_answer(response, request, {**limits, **extra})


def _code(error: DarkroomError) -> str:
    """For the log, and so without a name that only the client knows."""
    is_theirs = isinstance(error, InvalidRequest) and error.reason == "unknown_field"
    return "unknown_field" if is_theirs else code_of(error)


def _counted(
    refusal: DarkroomError, rate_limit: RateLimitStatus | None, count: Callable[[], RateLimitStatus]
) -> tuple[DarkroomError, RateLimitStatus | None]:
    """What was refused before it was counted is counted now, and may be one too many."""
    if rate_limit is not None or isinstance(refusal, RateLimited):
        return refusal, rate_limit
    try:
        return refusal, count()
    except RateLimited as limited:
        return limited, None


def _spent(error: RateLimited, request: Request) -> RateLimitStatus:
    # At a full minute, whatever part of a second was lost on the way.
    resets_at = -(-(int(request.at.timestamp()) + error.retry_after) // 60) * 60
    return RateLimitStatus(
        limit=error.limit, remaining=0, resets_in=error.retry_after, resets_at=resets_at
    )


def read_event(event: dict[str, Any], cdn_key: str = "", address: str = "") -> Request:
    """A request that brings `cdn_key` comes through CloudFront, which clients call at `address`."""
    context = event["requestContext"]
    headers = {name.lower(): value for name, value in event.get("headers", {}).items()}
    through_cdn = _is_same(headers.pop(_CDN_KEY, ""), cdn_key)
    if through_cdn:
        # CloudFront cuts ranges out of the whole file. It would keep the redirect that answers a
        # range, for all readers of the file.
        headers.pop("range", None)
    return Request(
        method=context["http"]["method"],
        path=event["rawPath"],
        host=_host(headers, context, address if through_cdn else ""),
        scheme=headers.get("x-forwarded-proto", "https"),
        request_id=context["requestId"],
        client=_client(headers, context, through_cdn=through_cdn),
        at=datetime.fromtimestamp(context["timeEpoch"] / 1000, UTC),
        query=event.get("queryStringParameters") or {},
        headers=headers,
        body=_body(event),
    )


def _is_same(given: str, cdn_key: str) -> bool:
    raw = given.encode(errors="surrogatepass")
    return bool(cdn_key) and hmac.compare_digest(raw, cdn_key.encode())


def _client(headers: dict[str, str], context: dict[str, Any], *, through_cdn: bool) -> str:
    """Its address; behind CloudFront, as that saw it: what stands before is the client's own word,
    and all of it in a request that did not come through CloudFront.
    """
    seen = headers.get("x-forwarded-for", "").split(",")
    if through_cdn and len(seen) > 1:
        return seen[-2].strip()
    return str(context["http"].get("sourceIp", ""))


def _host(headers: dict[str, str], context: dict[str, Any], address: str) -> str:
    """It goes into the addresses that we give out, so it must be a host and nothing else. A proxy
    that calls the gateway by the gateway's own name was called by another.
    """
    named = headers.get("host", "")
    if address and named.startswith(f"{context.get('apiId')}.execute-api."):
        return address.partition("://")[2]
    return named if _HOST.fullmatch(named) else str(context["domainName"])


def _body(event: dict[str, Any]) -> bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(body).encode(errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        return b""


def write_answer(response: Response, request: Request, more: Mapping[str, str]) -> dict[str, Any]:
    body = "" if request.method == "HEAD" else response.body
    is_binary = isinstance(body, bytes)
    return {
        "statusCode": response.status,
        "headers": {**_ALWAYS, **response.headers, **more, "x-request-id": request.request_id},
        "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": is_binary,
    }
