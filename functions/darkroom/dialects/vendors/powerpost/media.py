"""Uploads and credits."""

from __future__ import annotations

from typing import Literal, TypedDict

from darkroom.dialects.fields import Count, File, Time, Uuid
from darkroom.dialects.forms import Form
from darkroom.dialects.headers import LONGEST_WAIT
from darkroom.dialects.routes import Routes
from darkroom.dialects.wire import json_time
from darkroom.domain.api_key import MEDIA_WRITE, READ
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.image_request import CONTENT_TYPES
from darkroom.domain.library_operations import UploadMedia
from darkroom.domain.media import Media
from darkroom.domain.money import Account
from darkroom.domain.operations import ReadAccount

ROUTES = Routes("media")
ACCOUNT = Routes("account")


class UploadForm(TypedDict):
    file: File
    type: Literal["image"]


class UploadedMedia(TypedDict):
    media_id: Uuid
    type: Literal["image"]
    file_name: str | None
    file_size: Count | None
    mime_type: str
    created_at: Time


class Balance(TypedDict):
    balance: int


def uploaded(outcome: Media) -> UploadedMedia:
    return {
        "media_id": outcome.id,
        "type": "image",
        "file_name": outcome.name,
        "file_size": outcome.size,
        "mime_type": CONTENT_TYPES[outcome.format]
        if outcome.format
        else "application/octet-stream",
        "created_at": json_time(outcome.created_at, "seconds"),
    }


def balance(outcome: Account) -> Balance:
    return {"balance": outcome.balance}


@ROUTES.post(
    "/api/v1/media/upload",
    MEDIA_WRITE,
    answer=uploaded,
    form=UploadForm,
    example={"file": "picture.png", "type": "image"},
)
def upload_media(form: Form) -> UploadMedia:
    """Upload media

    A PNG, JPEG or WebP of up to 4.5 MB.
    """
    if "type" not in form.texts:
        raise InvalidRequest("type", "required", "type is required.")
    if form.texts["type"] != "image":
        raise InvalidRequest("type", "unknown", "type must be image: no videos here.")
    return UploadMedia(name=form.name, body=form.body, wait=LONGEST_WAIT)


@ACCOUNT.get("/api/v1/account/credits", READ, answer=balance)
def retrieve_credits() -> ReadAccount:
    """Retrieve the balance"""
    return ReadAccount()
