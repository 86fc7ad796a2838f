"""Our signatures as receivers check them: by two libraries of other people, and the vector that the
tests of Standard Webhooks go by.
"""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from replicate.webhook import InvalidSignatureError, Webhooks, WebhookSigningSecret
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from darkroom.domain.webhook import secret_text, signed_headers

SECRET, OLD_SECRET, STRANGE_SECRET = b"n" * 32, b"o" * 32, b"s" * 32
MESSAGE = "0f3f5c0e-6f5c-5a43-9c0a-5d8f5b1f7a11"
BODY = '{"id":"0f3f5c0e-6f5c-5a43-9c0a-5d8f5b1f7a11","data":{"prompt":"ein Haus für Zoë ☂"}}'
REFUSALS = (WebhookVerificationError, InvalidSignatureError)


def by_standard_webhooks(secret, headers, body):
    assert Webhook(secret_text(secret)).verify(body.encode(), dict(headers)) == json.loads(body)


def by_replicate(secret, headers, body):
    key = WebhookSigningSecret(key=secret_text(secret))
    Webhooks.validate(headers=dict(headers), body=body, secret=key, tolerance=300)


@pytest.fixture(params=[by_standard_webhooks, by_replicate])
def check(request):
    return request.param


def signed(*secrets, at=None, body=BODY):
    return signed_headers(MESSAGE, at or datetime.now(UTC), body, secrets or (SECRET,))


def test_a_message_of_ours_is_genuine(check):
    check(SECRET, signed(), BODY)


def test_a_secret_is_the_key_itself_in_base64():
    assert base64.b64decode(secret_text(SECRET).removeprefix("whsec_")) == SECRET


def test_another_body_is_refused(check):
    with pytest.raises(REFUSALS):
        check(SECRET, signed(), BODY.replace("Haus", "Boot"))


def test_another_id_is_refused(check):
    with pytest.raises(REFUSALS):
        check(SECRET, {**signed(), "webhook-id": MESSAGE.replace("0", "1")}, BODY)


def test_another_time_is_refused(check):
    headers = signed()
    later = str(int(headers["webhook-timestamp"]) + 1)
    with pytest.raises(REFUSALS):
        check(SECRET, {**headers, "webhook-timestamp": later}, BODY)


def test_another_secret_is_refused(check):
    with pytest.raises(REFUSALS):
        check(STRANGE_SECRET, signed(), BODY)


def test_another_signature_is_refused(check):
    strange = signed(STRANGE_SECRET)["webhook-signature"]
    with pytest.raises(REFUSALS):
        check(SECRET, {**signed(), "webhook-signature": strange}, BODY)


@pytest.mark.parametrize("known", [SECRET, OLD_SECRET])
def test_while_a_secret_is_changed_either_is_accepted_and_no_other(check, known):
    headers = signed(SECRET, OLD_SECRET)
    check(known, headers, BODY)
    with pytest.raises(REFUSALS):
        check(STRANGE_SECRET, headers, BODY)


def test_the_time_is_that_of_the_try_whatever_zone_it_was_told_in(check):
    check(SECRET, signed(at=datetime.now(timezone(timedelta(hours=5)))), BODY)
    with pytest.raises((WebhookVerificationError, ValueError), match=r"old|tolerance"):
        check(SECRET, signed(at=datetime.now(UTC) - timedelta(minutes=6)), BODY)


def test_the_vector_of_standard_webhooks():
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}', [secret])
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
