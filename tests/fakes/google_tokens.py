"""Google's token endpoint for service accounts, and a Vertex AI that takes its tokens."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from darkroom.providers.interface import HttpReply, HttpRequest
from darkroom.providers.sender import HttpSender
from tests.fakes.upstream import Answer, Asked, Upstream, Vendor, require
from tests.fakes.vendors.gemini import VertexVendor

EMAIL = "painter@their-project.iam.gserviceaccount.com"
ADDRESS = "https://oauth2.googleapis.com/token"
HOST = "oauth2.googleapis.com"
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ERRORS = {
    "invalid_grant": (400, "invalid_grant"),
    "unauthorized": (401, "unauthorized_client"),
    "rate_limited": (429, "rate_limit_exceeded"),
    "transient": (503, "internal_failure"),
}


@cache
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def pem(key: Any) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def account_file(**changes: Any) -> str:
    """As Google's console gives it out."""
    file = {
        "type": "service_account",
        "project_id": VertexVendor.project,
        "private_key_id": "key-1",
        "private_key": pem(private_key()),
        "client_email": EMAIL,
        "client_id": "1234",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": ADDRESS,
        "universe_domain": "googleapis.com",
        **changes,
    }
    return json.dumps({name: value for name, value in file.items() if value is not None}, indent=2)


class GoogleTokens(Vendor):
    """Gives out `token-1`, `token-2` …; `script` holds the errors that come before."""

    name = "google tokens"
    model = ""
    lives = 3599

    def __init__(self) -> None:
        super().__init__()
        self.given: list[str] = []
        self._giving = threading.Lock()

    def answer(self, asked: Asked) -> Answer:
        require((asked.method, asked.path) == ("POST", "/token"), f"{asked.method} {asked.path}")
        form = parse_qs(asked.body.decode(), strict_parsing=True)
        require(set(form) == {"grant_type", "assertion"}, f"fields {set(form)}")
        require(form["grant_type"] == [_GRANT], "the grant")
        self._check(*form["assertion"])
        with self._giving:
            trouble = self.next_trouble()
            if trouble is None:
                self.given.append(f"ya29.token-{len(self.given) + 1}")
        return trouble or Answer(
            body={
                "access_token": self.given[-1],
                "expires_in": self.lives,
                "token_type": "Bearer",
            }
        )

    def _check(self, assertion: str) -> None:
        head = jwt.get_unverified_header(assertion)
        require((head["alg"], head["kid"]) == ("RS256", "key-1"), f"head {head}")
        claim = jwt.decode(
            assertion, private_key().public_key(), algorithms=["RS256"], audience=ADDRESS
        )
        require(set(claim) == {"iss", "scope", "aud", "iat", "exp"}, f"claim {set(claim)}")
        require((claim["iss"], claim["scope"]) == (EMAIL, _SCOPE), "whose it is, and for what")
        require(0 < claim["exp"] - claim["iat"] <= 3600, "an hour at most")

    def trouble(self, kind: str) -> Answer:
        status, word = _ERRORS[kind]
        body = {"error": word, "error_description": "words of theirs"}
        return Answer(status=status, body=body)


class VertexOfAFile(VertexVendor):
    """Vertex AI asked with a service account's tokens."""

    account: ClassVar[dict[str, str]] = {
        "service_account": account_file(),
        "location": "europe-west4",
    }

    def __init__(self) -> None:
        super().__init__()
        # Tokens that open nothing any more.
        self.withdrawn: set[str] = set()

    def knows(self, asked: Asked) -> bool:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        is_theirs = asked.path.startswith("/projects/") and token.startswith("ya29.token-")
        return is_theirs and token not in self.withdrawn


def at(tokens: Upstream) -> dict[str, Any]:
    """For a sender: what is sent to Google's address goes over HTTP to the one on loopback."""

    def forward(request: HttpRequest) -> HttpReply:
        kept = {"content-type": request.headers["content-type"]}
        sender = HttpSender({})
        try:
            path = request.url.removeprefix(f"https://{HOST}")
            return sender.send(replace(request, url=f"{tokens.url}{path}", headers=kept), 1)
        finally:
            sender.close()

    return {HOST: forward}
