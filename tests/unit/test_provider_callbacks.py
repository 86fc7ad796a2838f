"""A provider's callback leads to a look only if the provider has signed it, where it signs."""

import base64
import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks.webhooks import Webhook

from darkroom.aws.queue import SqsImageQueue
from darkroom.domain.errors import NotFound
from darkroom.domain.operations import ReceiveCallback
from darkroom.domain.provider_callback import LARGEST_BODY, ProviderCallback, read_callback
from darkroom.providers.callbacks import CallbackVerifier
from darkroom.providers.interface import HttpReply, NoAnswer
from darkroom.providers.vendors.bfl import Bfl
from darkroom.providers.vendors.fal import Fal
from darkroom.providers.vendors.replicate import Replicate
from darkroom.usecases.receive_callback import receive_callback
from tests.builders import NOW, WORKSPACE
from tests.fakes.store import FakeQueue
from tests.unit.test_process_slot import BEGUN, MESSAGE, Studio

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER_SECRET = "whsec_" + base64.b64encode(bytes(32)).decode()
BODY = json.dumps({"id": "task-1", "request_id": "task-1", "status": "OK"}).encode()


def jwks(*keys):
    rows = [
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).decode().rstrip("="),
        }
        for key in keys
    ]
    return json.dumps({"keys": [{"kty": "RSA", "n": "x"}, *rows]}).encode()


def by_fal(key=KEY, request="task-1", body=BODY, at=NOW):
    stamp = str(int(at.timestamp()))
    text = "\n".join([request, "user-1", stamp, hashlib.sha256(body).hexdigest()])
    return {
        "x-fal-webhook-request-id": request,
        "x-fal-webhook-user-id": "user-1",
        "x-fal-webhook-timestamp": stamp,
        "x-fal-webhook-signature": key.sign(text.encode()).hex(),
    }


def by_replicate(secret=SECRET, body=BODY, at=NOW):
    return {
        "webhook-id": "msg-1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg-1", at, body.decode()),
    }


class Keys:
    """What the providers publish; `asked` are the addresses, `is_down` gives no answer."""

    def __init__(self):
        self.asked, self.is_down = [], False
        self.published = {"rest.fal.ai": jwks(OTHER, KEY)}
        self.published["api.replicate.com"] = json.dumps({"key": SECRET}).encode()

    def send(self, request, _within):
        self.asked.append((request.url, request.headers.get("authorization", "")))
        if self.is_down:
            raise NoAnswer("timeout", arrived=False)
        host = request.url.split("/")[2]
        return HttpReply(status=200, headers={}, body=self.published[host])


ADAPTERS = {
    "fal": Fal({"key": "k"}),
    "replicate": Replicate({"key": "r8"}),
    "bfl": Bfl({"key": "b"}),
}


class World:
    def __init__(self):
        self.keys, self.seconds = Keys(), 0.0
        self.verifier = CallbackVerifier(
            adapter_of=ADAPTERS.__getitem__, sender=self.keys, stopwatch=lambda: self.seconds
        )

    def why_not(self, provider, headers, sent=BODY, **changes):
        callback = ProviderCallback(
            message=MESSAGE,
            provider=provider,
            id="task-1",
            headers=headers,
            digest=hashlib.sha256(sent).hexdigest(),
            body=sent.decode(),
            at=NOW,
        )
        return self.verifier.why_not(replace(callback, **changes))


@pytest.fixture
def world():
    return World()


@pytest.mark.parametrize(("provider", "sign"), [("fal", by_fal), ("replicate", by_replicate)])
def test_what_its_provider_has_signed_is_genuine(world, provider, sign):
    assert world.why_not(provider, sign()) == ""
    assert world.why_not(provider, sign()) == ""
    assert len(world.keys.asked) == 1


def test_the_keys_are_asked_for_where_the_provider_has_them(world):
    world.why_not("fal", by_fal())
    world.why_not("replicate", by_replicate())
    assert world.keys.asked == [
        # Published for everybody: fal is not shown the account's key for it.
        ("https://rest.fal.ai/.well-known/jwks.json", ""),
        ("https://api.replicate.com/v1/webhooks/default/secret", "Bearer r8"),
    ]


FORGED = {
    "by another key": (by_fal(Ed25519PrivateKey.generate()), by_replicate(OTHER_SECRET)),
    "of another body": (by_fal(body=b"{}"), by_replicate(body=b"{}")),
    "long ago": (
        by_fal(at=NOW - timedelta(minutes=6)),
        by_replicate(at=NOW - timedelta(minutes=6)),
    ),
    "to come": (by_fal(at=NOW + timedelta(minutes=6)), by_replicate(at=NOW + timedelta(minutes=6))),
    "not at all": ({}, {}),
    "in no hexadecimal": (
        {**by_fal(), "x-fal-webhook-signature": "z" * 128},
        {**by_replicate(), "webhook-signature": "v1,é"},
    ),
    "at no time": (
        {**by_fal(), "x-fal-webhook-timestamp": "9" * 400},
        {**by_replicate(), "webhook-timestamp": "now"},
    ),
}


@pytest.mark.parametrize("case", FORGED)
def test_what_is_signed_otherwise_is_not(world, case):
    of_fal, of_replicate = FORGED[case]
    assert world.why_not("fal", of_fal) == "bad_signature"
    assert world.why_not("replicate", of_replicate) == "bad_signature"


def test_a_signature_for_another_image_is_none_for_this(world):
    assert world.why_not("fal", by_fal(request="task-2")) == "bad_signature"
    other = json.dumps({"id": "task-2"}).encode()
    assert world.why_not("replicate", by_replicate(body=other), other) == "bad_signature"


def test_a_body_too_long_to_be_handed_on_is_verified_by_its_hash_alone(world):
    assert world.why_not("fal", by_fal(), body="") == ""
    assert world.why_not("replicate", by_replicate(), body="") == "bad_signature"


def test_a_key_that_was_replaced_is_learnt_but_not_at_each_forgery(world):
    assert world.why_not("fal", by_fal()) == ""
    new = Ed25519PrivateKey.generate()
    world.keys.published["rest.fal.ai"] = jwks(new)
    for _ in range(5):
        assert world.why_not("fal", by_fal(new)) == "bad_signature"
    assert len(world.keys.asked) == 1
    world.seconds += 301
    assert world.why_not("fal", by_fal(new)) == ""
    assert world.why_not("fal", by_fal()) == "bad_signature"
    assert len(world.keys.asked) == 2


def test_without_keys_nothing_is_known_and_asked_for_seldom(world):
    world.keys.is_down = True
    for _ in range(5):
        assert world.why_not("fal", by_fal()) == "no_keys"
    assert len(world.keys.asked) == 1
    world.seconds += 31
    world.keys.is_down = False
    assert world.why_not("fal", by_fal()) == ""


def test_keys_that_make_no_sense_open_nothing(world):
    for published in (b"[]", b"\xff", json.dumps({"keys": [{"kty": "OKP", "x": 7}]}).encode()):
        world.seconds += 301
        world.keys.published["rest.fal.ai"] = published
        assert world.why_not("fal", by_fal()) in {"bad_signature", "no_keys"}


def test_a_provider_without_a_key_here_any_more_is_not_believed(world):
    assert world.why_not("gone", by_fal()) == "no_keys"


# The submit function hands it on, and believes nothing.


def pending(studio, *, signs):
    begun = replace(BEGUN, pending=replace(BEGUN.pending, signs=signs))
    studio.answers = [begun]
    studio.work()
    return studio.job.slots[0].pending.token


def heard(studio, queue, token, headers, body=BODY):
    said = ReceiveCallback(
        workspace=WORKSPACE,
        job=MESSAGE.job,
        slot=0,
        token=token,
        headers=headers,
        body=body,
        at=NOW,
    )
    receive_callback(said, jobs=studio.jobs, queue=queue, callbacks=queue)


def test_a_callback_of_a_provider_that_signs_goes_to_the_worker_with_its_signature():
    studio, queue = Studio(), FakeQueue()
    token = pending(studio, signs=True)
    heard(studio, queue, token, by_fal())
    assert queue.later == []
    [callback] = queue.callbacks
    assert (callback.headers, callback.body) == (by_fal(), BODY.decode())
    assert (callback.id, callback.provider) == ("task-1", BEGUN.pending.provider)
    assert callback.message.held == studio.job.slots[0].lease.token


def test_a_body_that_is_too_long_goes_on_as_its_hash():
    studio, queue = Studio(), FakeQueue()
    token = pending(studio, signs=True)
    long = b"x" * (LARGEST_BODY + 1)
    heard(studio, queue, token, by_fal(body=long), long)
    [callback] = queue.callbacks
    assert (callback.body, callback.digest) == ("", hashlib.sha256(long).hexdigest())


def test_without_any_signature_it_is_no_news():
    studio, queue = Studio(), FakeQueue()
    token = pending(studio, signs=True)
    with pytest.raises(NotFound):
        heard(studio, queue, token, {})
    assert (queue.later, queue.callbacks) == ([], [])


def test_a_provider_that_does_not_sign_gives_a_hint_as_before():
    studio, queue = Studio(), FakeQueue()
    heard(studio, queue, pending(studio, signs=False), {})
    assert (len(queue.later), queue.callbacks) == (1, [])


class Client:
    def __init__(self):
        self.sent = []

    def send_message(self, **message):
        self.sent.append(message)


def test_it_is_read_from_the_queue_as_it_was_sent():
    client = Client()
    callback = ProviderCallback(
        message=replace(MESSAGE, held="lease-1", request_id="req-1"),
        provider="fal",
        id="task-1",
        headers=by_fal(),
        digest="00",
        body="é" * (LARGEST_BODY // 2),
        at=NOW,
    )
    assert SqsImageQueue(client, "first", "backlog").send_callback(callback)
    [message] = client.sent
    assert message["QueueUrl"] == "first"
    assert len(message["MessageBody"].encode()) < 256 * 1024
    assert read_callback(message["MessageBody"]) == callback
    assert read_callback(json.dumps({"workspace": "a", "job": "b", "slot": 0})) is None
    assert read_callback("[") is None
