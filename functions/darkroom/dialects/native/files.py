"""Routes that take no key: files by their signed addresses, providers' callbacks, health."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypedDict

from darkroom.dialects.context import RequestContext
from darkroom.dialects.downloads import download_of, file_answer
from darkroom.dialects.fields import AlwaysTrue
from darkroom.dialects.parameters import Text
from darkroom.dialects.routes import Routes
from darkroom.domain.errors import NotFound
from darkroom.domain.ids import is_workspace
from darkroom.domain.library_operations import OpenFile
from darkroom.domain.operations import CheckHealth, ReceiveCallback
from darkroom.domain.outcomes import CallbackReceived, Healthy

ROUTES = Routes("without a key")
_FILE_NAME = re.compile(r"[0-9a-f-]{36}(-thumb\.jpg|\.(webp|png|jpg))")
_SLOT = re.compile(r"[0-9]")
# Of a provider's signature.
_MOST_HEADERS, _LONGEST_HEADER = 10, 1000
_EXPIRES = Text("expires", "When the address ends, in Unix time.")
_KEY_ID = Text("kid", "The key that signed it.")
_SIGNATURE = Text("signature", "Of the name and the time.")


class Health(TypedDict):
    status: Literal["ok"]


class Receipt(TypedDict):
    received: AlwaysTrue


def healthy(_outcome: Healthy) -> Health:
    return {"status": "ok"}


def received(_outcome: CallbackReceived) -> Receipt:
    return {"received": True}


@ROUTES.get(
    "/v1/files/{name}",
    None,
    answer=file_answer,
    answer_type=bytes,
    query=(_EXPIRES, _KEY_ID, _SIGNATURE),
    takes_any_query=True,
    path_examples={"name": "019aa6c5-4c00-7b42-8e1f-6c8d2a3f4b51.webp"},
)
def open_file(context: RequestContext) -> OpenFile:
    """Download a file

    By the signed address that answers of every API give: the signature is the credential. Answers
    with the bytes; of a file above 4.4 MB, and of a part of one (`Range`), with a redirect to them.
    """
    name = context.path["name"]
    if not _FILE_NAME.fullmatch(name):
        raise NotFound("file")
    return OpenFile(
        name=name,
        expires=context.query(_EXPIRES) or "",
        kid=context.query(_KEY_ID) or "",
        signature=context.query(_SIGNATURE) or "",
        download=download_of(context.request),
    )


@ROUTES.get("/v1/health", None, answer=healthy, takes_any_query=True)
def check_health() -> CheckHealth:
    """Check health"""
    return CheckHealth()


@ROUTES.post(
    "/v1/callbacks/{workspace}/{job}/{slot}/{token}",
    None,
    answer=received,
    takes_any_query=True,
    is_internal=True,
    path_examples={"workspace": "acme", "slot": "0"},
)
def provider_callback(context: RequestContext) -> ReceiveCallback:
    """Call back about a generation

    The address that a provider is given: the token is the credential. The body is not read: whether
    it is true shows when the provider is asked. Its signature is for the worker to verify.
    """
    workspace, slot = context.path["workspace"], context.path["slot"]
    # Anyone may call this: what cannot be an address of ours costs no read of the table.
    if not (is_workspace(workspace) and _SLOT.fullmatch(slot)):
        raise NotFound("image")
    return ReceiveCallback(
        workspace=workspace,
        job=context.id("image", "job"),
        slot=int(slot),
        token=context.id("image", "token"),
        at=context.request.at,
        headers=_signature_headers(context.request.headers),
        body=context.request.body,
    )


def _signature_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    """As Standard Webhooks names them, and providers that have names of their own beside it."""
    found = {
        name: value
        for name, value in headers.items()
        if "webhook-" in name and len(name) + len(value) <= _LONGEST_HEADER
    }
    return found if len(found) <= _MOST_HEADERS else {}
