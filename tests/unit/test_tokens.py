import base64
import hashlib
import hmac
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from darkroom.domain.errors import Forbidden, Unauthenticated, Unavailable
from darkroom.identity.published_keys import key_fetcher
from darkroom.identity.tokens import JwtTokens
from darkroom.usecases.authenticate import authenticate
from tests.fakes.store import FakeKeys
from tests.fakes.world import FakeClock, FakeSecrets

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC_PEM = RSA.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


def published(kid, algorithm, key):
    return {"kid": kid, "use": "sig", **json.loads(algorithm.to_jwk(key.public_key()))}


KEY_SET = {
    "keys": [
        published("rsa", RSAAlgorithm, RSA),
        published("ec", ECAlgorithm, EC),
        {"kty": "oct", "kid": "shared", "k": base64.urlsafe_b64encode(b"x" * 32).decode()},
    ]
}


class Issuer:
    """Issues tokens, publishes keys, and counts how often the keys were fetched."""

    def __init__(self):
        self.clock, self.fetches, self.key_set = FakeClock(), 0, KEY_SET
        # PyJWT reads the real clock: the tokens live in real time, the cache in the fake one.
        self.tokens = JwtTokens(
            issuer="https://id.test", audience="darkroom", fetch=self.fetch, clock=self.clock
        )

    def fetch(self):
        self.fetches += 1
        return json.dumps(self.key_set).encode()

    def token(self, key=RSA, algorithm="RS256", kid="rsa", headers=None, **changes):
        now = int(time.time())
        claims = {
            "iss": "https://id.test",
            "aud": "darkroom",
            "sub": "user-7",
            "scope": "read generate",
            "workspace": "acme",
            "nbf": now - 5,
            "exp": now + 300,
            **changes,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, key, algorithm, headers={"kid": kid, **(headers or {})})

    def refuses(self, token):
        with pytest.raises(Unauthenticated) as refused:
            self.tokens.verify(token)
        assert refused.value.reason == "invalid_token"


@pytest.mark.parametrize(("key", "algorithm", "kid"), [(RSA, "RS256", "rsa"), (EC, "ES256", "ec")])
def test_a_good_token_opens_its_workspace(key, algorithm, kid):
    issuer = Issuer()
    caller = issuer.tokens.verify(issuer.token(key, algorithm, kid))
    assert (caller.workspace, caller.scopes) == ("acme", {"read", "generate"})


@pytest.mark.parametrize("claim", ["iss", "aud", "exp", "nbf", "sub", "scope", "workspace"])
def test_a_token_without_one_of_its_claims_is_refused(claim):
    issuer = Issuer()
    issuer.refuses(issuer.token(**{claim: None}))


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://evil.test"},
        {"aud": "another"},
        {"aud": ["darkroom", "another"]},
        {"exp": 1},
        {"nbf": 99_999_999_999},
        {"exp": "soon"},
        {"workspace": 7},
        {"workspace": ""},
        {"scope": ["read"]},
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(change):
    issuer = Issuer()
    issuer.refuses(issuer.token(**change))


def test_a_token_signed_by_a_stranger_is_refused():
    issuer = Issuer()
    issuer.refuses(issuer.token(STRANGER))


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_another_algorithm_than_the_keys_is_refused(algorithm):
    issuer = Issuer()
    issuer.refuses(issuer.token(algorithm=algorithm))


def test_an_unsigned_token_is_refused():
    issuer = Issuer()
    issuer.refuses(issuer.token(None, "none"))


def test_a_public_key_used_as_a_shared_secret_is_refused():
    issuer = Issuer()
    _, body, _ = issuer.token().split(".")
    forged = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"rsa"}').rstrip(b"=").decode()

    digest = hmac.new(PUBLIC_PEM, f"{forged}.{body}".encode(), hashlib.sha256).digest()
    signature = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    issuer.refuses(f"{forged}.{body}.{signature}")


def test_a_shared_secret_among_the_published_keys_opens_nothing():
    issuer = Issuer()
    issuer.refuses(issuer.token(b"x" * 32, "HS256", "shared"))


def with_header(token, **header):
    """The token with another header; its signature no longer fits, and is not what is tested."""
    _, body, signature = token.split(".")
    text = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{text}.{body}.{signature}"


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "RS256"},
        {"alg": "RS256", "kid": None},
        {"alg": "RS256", "kid": ["rsa"]},
        {"alg": "RS256", "kid": "rsa", "crit": ["exp"]},
        {"kid": "rsa"},
        {},
    ],
)
def test_a_header_that_says_too_little_or_too_much_is_refused(header):
    issuer = Issuer()
    issuer.refuses(with_header(issuer.token(), **header))


def test_a_critical_extension_is_refused_however_well_it_is_signed():
    issuer = Issuer()
    issuer.refuses(issuer.token(headers={"crit": ["b64"], "b64": True}))


@pytest.mark.parametrize("name", ["jku", "x5u", "jwk"])
def test_a_token_does_not_choose_where_its_key_comes_from(name):
    issuer = Issuer()
    value = published("rsa", RSAAlgorithm, STRANGER) if name == "jwk" else "https://evil.test/keys"
    issuer.refuses(issuer.token(STRANGER, headers={name: value}))
    assert issuer.tokens.verify(issuer.token(headers={name: value})).workspace == "acme"


@pytest.mark.parametrize("token", ["..", "a.b.c", "é.é.é", "." * 2 + "x" * 9000])
def test_nonsense_is_refused(token):
    Issuer().refuses(token)


def test_the_keys_are_fetched_once_and_again_when_they_are_old():
    issuer = Issuer()
    for _ in range(5):
        issuer.tokens.verify(issuer.token())
    assert issuer.fetches == 1
    issuer.clock.pass_time(601)
    issuer.tokens.verify(issuer.token())
    assert issuer.fetches == 2


def test_a_new_key_is_found_and_unknown_ones_do_not_make_us_fetch_for_ever():
    issuer = Issuer()
    issuer.tokens.verify(issuer.token())
    for _ in range(20):
        issuer.refuses(issuer.token(STRANGER, kid="new"))
    assert issuer.fetches == 1
    issuer.key_set = {"keys": [published("new", RSAAlgorithm, STRANGER)]}
    issuer.clock.pass_time(31)
    assert issuer.tokens.verify(issuer.token(STRANGER, kid="new"))
    assert issuer.fetches == 2


class Outage:
    """An issuer that published its keys once and has been down since, and counts who asks."""

    def __init__(self):
        self.issuer, self.attempts = Issuer(), 0
        self.issuer.tokens.verify(self.issuer.token())
        self.begin()

    def begin(self, answer=None):
        def down():
            self.attempts += 1
            if answer is None:
                raise OSError("no answer")
            return answer

        self.issuer.tokens._keys._fetch = down

    def unknown(self):
        """What a token with a key id that nobody knows is told."""
        with pytest.raises((Unauthenticated, Unavailable)) as refused:
            self.issuer.tokens.verify(self.issuer.token(STRANGER, kid="new"))
        return refused.value


def test_an_issuer_that_never_answered_opens_nothing():
    issuer = Issuer()
    issuer.key_set = {}
    with pytest.raises(Unavailable):
        issuer.tokens.verify(issuer.token())


def test_good_keys_stay_good_through_an_outage_of_a_day_and_no_longer():
    outage = Outage()
    for hours in (1, 8, 23.9):
        outage.issuer.clock.__init__()
        outage.issuer.clock.pass_time(hours * 3600)
        assert outage.issuer.tokens.verify(outage.issuer.token())
    outage.issuer.clock.pass_time(3600)
    with pytest.raises(Unavailable):
        outage.issuer.tokens.verify(outage.issuer.token())


def test_valid_tokens_do_not_fetch_again_and_again_while_the_issuer_is_down():
    outage = Outage()
    outage.issuer.clock.pass_time(601)
    for _ in range(50):
        outage.issuer.tokens.verify(outage.issuer.token())
    assert outage.attempts == 1


def test_unknown_key_ids_do_not_either_and_are_told_to_come_back():
    outage = Outage()
    outage.issuer.clock.pass_time(31)
    refusals = [outage.unknown() for _ in range(50)]
    assert outage.attempts == 1
    # Whether the issuer has such a key cannot be known now.
    assert {type(refusal) for refusal in refusals} == {Unavailable}
    assert refusals[0].retry_after == 2


def test_an_outage_is_asked_about_less_and_less_and_once_a_minute_at_last():
    outage = Outage()
    outage.issuer.clock.pass_time(601)
    for _ in range(600):
        outage.unknown()
        outage.issuer.clock.pass_time(1)
    # After 2, 4, 8, 16 and 32 seconds, then each minute.
    assert outage.attempts == 6 + (600 - 62) // 60


@pytest.mark.parametrize("answer", [b"", b"<html>", b"{}", b'{"keys": 7}', b"[1]", b"\xff"])
def test_a_key_set_that_cannot_be_read_is_an_outage_too(answer):
    outage = Outage()
    outage.begin(answer)
    outage.issuer.clock.pass_time(601)
    for _ in range(5):
        assert outage.issuer.tokens.verify(outage.issuer.token())
    assert outage.attempts == 1


def test_the_issuer_is_believed_again_when_it_is_back():
    outage = Outage()
    outage.issuer.clock.pass_time(601)
    outage.unknown()
    outage.issuer.tokens._keys._fetch = outage.issuer.fetch
    outage.issuer.clock.pass_time(2)
    assert isinstance(outage.unknown(), Unauthenticated)
    assert outage.issuer.fetches == 2


@pytest.mark.parametrize("workspace", ["a" * 3000, "WS#acme", "Acme", "-a"])
def test_a_token_for_what_cannot_be_a_workspace_is_refused(workspace):
    issuer = Issuer()
    issuer.refuses(issuer.token(workspace=workspace))


def test_scopes_hold_for_tokens_too():
    issuer = Issuer()
    enter = {"keys": FakeKeys(), "secrets": FakeSecrets(), "clock": issuer.clock}
    token = issuer.token(scope="read")
    assert authenticate(token, "read", tokens=issuer.tokens, **enter).workspace == "acme"
    with pytest.raises(Forbidden):
        authenticate(token, "generate", tokens=issuer.tokens, **enter)


def test_where_no_issuer_is_set_a_token_is_just_not_a_key():
    issuer = Issuer()
    enter = {"keys": FakeKeys(), "secrets": FakeSecrets(), "clock": issuer.clock}
    with pytest.raises(Unauthenticated) as refused:
        authenticate(issuer.token(), "read", tokens=None, **enter)
    assert refused.value.reason == "malformed"


def test_a_key_set_is_fetched_over_https_only():
    with pytest.raises(ValueError, match="https"):
        key_fetcher("http://id.test/keys")
