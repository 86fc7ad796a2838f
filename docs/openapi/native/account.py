"""The account, and the routes that ask for no key."""

from __future__ import annotations

from darkroom.domain.operations import Healthy, Heard
from docs.openapi.described import Answer, Described, Parameter
from docs.openapi.refusals import UNKNOWN_PARAMETER, missing
from docs.openapi.samples import JOB_ID, MEDIA_ID, WORKSPACE
from docs.openapi.shapes import COUNT, TEXT, TRUE, UUID, WHOLE, only, record, ref, told
from docs.openapi.shelf import ACCOUNT, MOVED

SCHEMAS = {
    "Account": record(
        {
            "workspace": TEXT,
            "tier": TEXT,
            "credits": told(
                record({"balance": COUNT, "held": COUNT, "spent": COUNT, "granted": COUNT}),
                "balance + held + spent = granted, always.",
            ),
            "limits": record({"requests_per_minute": COUNT, "images_in_flight": COUNT}),
            "usage": record(
                {
                    "storage_bytes": told(
                        ref("Usage"), "Of the images in the library, thumbnails aside."
                    ),
                    "uploads_today": told(ref("Usage"), "Uploads begun since midnight UTC."),
                    "redeliveries_today": told(
                        ref("Usage"), "Deliveries sent again since midnight UTC."
                    ),
                }
            ),
        }
    ),
    "Usage": record({"used": WHOLE, "limit": COUNT}),
}


def _in_path(name: str, schema: dict[str, object], example: str) -> Parameter:
    return Parameter(name=name, where="path", schema=schema, example=example)


_SIGNATURE = tuple(
    Parameter(name=name, where="query", schema=TEXT) for name in ("expires", "kid", "signature")
)

OPERATIONS = {
    "GET /v1/account": Described(
        name="readAccount",
        summary="Credits, limits and usage",
        tag="account",
        answers={200: Answer(text="The workspace.", schema=ref("Account"), outcomes=(ACCOUNT,))},
        raises=(UNKNOWN_PARAMETER,),
    ),
    "GET /v1/files/{name}": Described(
        name="openFile",
        summary="A file by its signed address",
        text="The addresses that answers give, whatever the dialect: the signature is the "
        "credential.",
        tag="open to all",
        takes=(_in_path("name", TEXT, f"{MEDIA_ID}.webp"), *_SIGNATURE),
        answers={302: Answer(text="To the bytes, for five minutes.", outcomes=(MOVED,))},
        raises=(missing("file"),),
    ),
    "GET /v1/health": Described(
        name="checkHealth",
        summary="Whether it is there",
        tag="open to all",
        answers={
            200: Answer(text="It is.", schema=record({"status": only("ok")}), outcomes=(Healthy(),))
        },
        is_counted=False,
        asks_nobody=True,
    ),
}

# Only a provider calls it, at the address that it was given.
INTERNAL = {
    "POST /v1/callbacks/{workspace}/{job}/{slot}/{token}": Described(
        name="hearProvider",
        summary="News of a provider",
        text="The address that a slow provider is given: the token is the credential, and the "
        "body is not read.",
        tag="open to all",
        takes=(
            _in_path("workspace", TEXT, WORKSPACE),
            _in_path("job", UUID, JOB_ID),
            _in_path("slot", {"type": "integer", "minimum": 0, "maximum": 9}, "0"),
            _in_path("token", UUID, "01934f2a-7c1d-7e3b-8a52-0c4d9b8e7f61"),
        ),
        answers={
            200: Answer(text="Heard.", schema=record({"received": TRUE}), outcomes=(Heard(),))
        },
        raises=(missing("image"), missing("job")),
    ),
}
