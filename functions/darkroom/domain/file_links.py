"""Addresses of images that we sign ourselves.

An address presigned by a Lambda's role dies with the role's session, within hours. Ours lasts a
week, and answers each time with a fresh one of a few minutes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkroom.domain.image_request import EXTENSIONS, Format
from darkroom.domain.job import Job

LIFE = timedelta(days=7)
THUMBNAIL_SUFFIX = "-thumb.jpg"
# Expiries are rounded up to the hour: polling a job twice gives the same address twice.
_ROUNDING = 3600


def image_name(media_id: str, fmt: Format) -> str:
    return f"{media_id}.{EXTENSIONS[fmt]}"


def thumbnail_name(media_id: str) -> str:
    return media_id + THUMBNAIL_SUFFIX


def storage_key(name: str) -> str:
    return f"media/{name}"


def file_keys(media_id: str, fmt: Format) -> tuple[str, str]:
    """Where an image and its thumbnail lie."""
    return storage_key(image_name(media_id, fmt)), storage_key(thumbnail_name(media_id))


def files_of(job: Job, index: int) -> tuple[str, ...]:
    """Where the files of one slot lie; captions have none."""
    if job.writes_captions:
        return ()
    return file_keys(job.slots[index].media_id, job.picture.output.format)


def content_disposition(name: str) -> str:
    """A browser shows it, and saves it by this name. Names are ids, with their format."""
    return f'inline; filename="{name}"'


def upload_key(media_id: str) -> str:
    """Where a file lies as its owner sent it, until it is looked at."""
    return f"uploads/{media_id}"


@dataclass(frozen=True, slots=True)
class LinkSigner:
    """Signs and checks with keys by id: the first one signs, all of them verify."""

    keys: dict[str, bytes]

    def query(self, name: str, now: datetime) -> dict[str, str]:
        until = int((now + LIFE).timestamp())
        expires = str(until + -until % _ROUNDING)
        kid = next(iter(self.keys))
        return {
            "expires": expires,
            "kid": kid,
            "signature": _signature(self.keys[kid], name, expires, kid),
        }

    def is_valid(self, name: str, expires: str, kid: str, signature: str, now: datetime) -> bool:
        key = self.keys.get(kid)
        if key is None or not signature.isascii():
            return False
        genuine = hmac.compare_digest(signature, _signature(key, name, expires, kid))
        # Only a number that we wrote ourselves passes the first test.
        return genuine and now.timestamp() < int(expires)


def _signature(key: bytes, name: str, expires: str, kid: str) -> str:
    text = f"{name}\n{expires}\n{kid}".encode()
    digest = hmac.new(key, text, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
