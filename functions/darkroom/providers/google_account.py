"""A Google service account's file, and the request that gives a token for it:
https://developers.google.com/identity/protocols/oauth2/service-account#httprest
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlencode

from darkroom.providers.interface import AccountUnusable, HttpReply, HttpRequest, Token
from darkroom.providers.replies import code_of, needed, number, read_json, text

if TYPE_CHECKING:
    # Loaded where there is such an account: Google with a mere key does without.
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

KIND = "service_account"
# What the file names is where the signed claim goes: to Google, or nowhere.
_TOKEN_ADDRESSES = (
    "https://oauth2.googleapis.com/token",
    "https://accounts.google.com/o/oauth2/token",
)
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
# Seconds: the most that Google takes, and by how much our clock may be ahead of its.
_CLAIM_LIVES = 3600
_CLOCKS_DIFFER = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccount:
    name: str  # of this very file: the key under which tokens are cached
    email: str
    project: str
    token_address: str
    key_id: str
    key: RSAPrivateKey = field(repr=False)

    def ask(self) -> HttpRequest:
        import jwt  # noqa: PLC0415 - see above

        now = int(time.time()) - _CLOCKS_DIFFER
        claim = {
            "iss": self.email,
            "scope": _SCOPE,
            "aud": self.token_address,
            "iat": now,
            "exp": now + _CLAIM_LIVES,
        }
        signed = jwt.encode(claim, self.key, algorithm="RS256", headers={"kid": self.key_id})
        return HttpRequest(
            method="POST",
            url=self.token_address,
            headers={"content-type": "application/x-www-form-urlencoded"},
            body=urlencode({"grant_type": _GRANT, "assertion": signed}).encode(),
        )

    def read(self, reply: HttpReply) -> Token:
        data = read_json(reply)
        return Token(
            text=needed(text(data, "access_token")), seconds=number(data, "expires_in") or 0
        )

    def refusal(self, reply: HttpReply) -> str:
        try:
            said = code_of(text(read_json(reply), "error"))
        except ValueError:
            said = ""
        return said or f"token_status_{reply.status}"


def read_service_account(file: str) -> ServiceAccount:
    """The content of the file, as Google gives it out. Raises AccountUnusable, which quotes none
    of it.
    """
    try:
        data = json.loads(file)
    except (ValueError, RecursionError):
        data = None
    if text(data, "type") != KIND:
        _refuse("is not the JSON of one")
    address = text(data, "token_uri") or _TOKEN_ADDRESSES[0]
    if address not in _TOKEN_ADDRESSES:
        _refuse("names a token_uri that is not Google's")
    return ServiceAccount(
        name=hashlib.sha256(file.encode()).hexdigest(),
        email=_part(data, "client_email"),
        project=_part(data, "project_id"),
        token_address=address,
        key_id=_part(data, "private_key_id"),
        key=_key(_part(data, "private_key")),
    )


def _part(data: Any, name: str) -> str:
    return text(data, name) or _refuse(f"has no {name}")


def _key(pem: str) -> RSAPrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        key = load_pem_private_key(pem.encode(), password=None)
    # From none: the chain would hold the key.
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    return key if isinstance(key, RSAPrivateKey) else _refuse("has a private_key that is none")


def _refuse(what: str) -> NoReturn:
    raise AccountUnusable(f"the file of the Google service account {what}")
