"""JWTs as bearers, checked against keys that an issuer publishes over TLS."""

from __future__ import annotations

import json
import ssl
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from infra.local.certificate import make_certificate
from tests.conformance.vendors import bearer_of, settings

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ISSUER, AUDIENCE = "https://id.test", "darkroom"


@contextmanager
def published_keys(folder):
    """The issuer's keys over TLS on loopback; gives their address and whom to trust for it."""
    certificate = make_certificate(folder)
    public = {"kid": "one", "use": "sig", **json.loads(RSAAlgorithm.to_jwk(KEY.public_key()))}
    body = json.dumps({"keys": [public]}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.server_port}/keys.json", certificate
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def with_issuer(supapost, tmp_path):
    """The two functions of the API, set to an issuer, as a deployment with jwt_* options is."""
    with (
        published_keys(tmp_path) as (url, certificate),
        settings(
            supapost.local,
            ("submit", "status"),
            JWT_ISSUER=ISSUER,
            JWT_AUDIENCE=AUDIENCE,
            JWT_JWKS_URL=url,
            # On AWS an issuer's certificate is one that everybody trusts.
            SSL_CERT_FILE=str(certificate),
        ),
    ):
        yield supapost


def token(workspace, key=KEY, **changes):
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "user-7",
        "scope": "read generate",
        "workspace": workspace,
        "nbf": now - 5,
        "exp": now + 300,
        **changes,
    }
    return jwt.encode(claims, key, "RS256", headers={"kid": "one"})


@pytest.mark.statement("S3", "S4", "S5", "S35")
def test_a_token_of_the_issuer_opens_its_team_as_a_key_does(with_issuer, finished):
    by_key = with_issuer
    by_token = by_key.with_headers(**bearer_of(token(by_key.workspace)))
    for submitter, reader in ((by_token, by_key), (by_key, by_token)):
        answer = submitter.post("/generate/image", {"prompt": "a red boat"})
        assert answer.status_code == 202, answer.text
        assert finished(reader, answer.json()["jobId"])["status"] == "completed"

    def refusal(bearer):
        answer = by_key.post("/generate/image", {"prompt": "a red boat"}, headers=bearer_of(bearer))
        assert answer.json()["success"] is False
        return answer.status_code

    workspace = by_key.workspace
    assert refusal(token(workspace, key=STRANGER)) == 401
    assert refusal(token(workspace, exp=int(time.time()) - 60)) == 401
    assert refusal(token(workspace, aud="elsewhere")) == 401
    assert refusal(token(workspace, iss="https://other.test")) == 401
    assert refusal(token(workspace, scope="read")) == 403
