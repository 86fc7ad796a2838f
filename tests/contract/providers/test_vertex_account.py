"""Vertex AI with a service account's file, exchanged for tokens at Google's address."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from moto import mock_aws

from darkroom.admin import providers as admin_providers
from darkroom.bootstrap.provider_keys import ProviderKeys
from darkroom.bootstrap.providers import Adapters
from darkroom.domain.worker_ports import GeneratedImage
from darkroom.providers.interface import AccountUnusable
from darkroom.providers.registry import providers
from darkroom.providers.sender import HttpSender
from tests.contract.providers.test_gemini import GoogleContract
from tests.fakes.google_tokens import GoogleTokens, VertexOfAFile, account_file, at, pem
from tests.fakes.upstream import Upstream

PREFIX = "darkroom/test/"
VERTEX = providers()["vertex"]
BROKEN = {
    "no JSON": ("-----BEGIN", "is not the JSON of one"),
    "a list": ("[]", "is not the JSON of one"),
    "nested too deep": ("[" * 100_000, "is not the JSON of one"),
    "a person's": (account_file(type="authorized_user"), "is not the JSON of one"),
    "without a key": (account_file(private_key=None), "has no private_key"),
    "without an owner": (account_file(client_email=None), "has no client_email"),
    "without a project": (account_file(project_id=None), "has no project_id"),
    "a key of text": (account_file(private_key="words"), "has a private_key that is none"),
    "half a key": (
        account_file(private_key=json.loads(account_file())["private_key"][:300]),
        "has a private_key that is none",
    ),
    "another kind of key": (
        account_file(private_key=pem(ec.generate_private_key(ec.SECP256R1()))),
        "has a private_key that is none",
    ),
    "a key of another type": (account_file(private_key={"key": 1}), "has no private_key"),
    **{
        f"a claim for {address}": (
            account_file(token_uri=address),
            "names a token_uri that is not Google's",
        )
        for address in (
            "https://oauth2.googleapis.com.example/token",
            "http://oauth2.googleapis.com/token",
            "https://oauth2.googleapis.com@169.254.169.254/token",
            "http://169.254.169.254/latest/meta-data",
        )
    },
}


@pytest.fixture
def tokens():
    with Upstream(GoogleTokens()) as tokens:
        yield tokens
        assert tokens.wrong == []


class TestVertexOfAFile(GoogleContract):
    vendor = VertexOfAFile

    @pytest.fixture(autouse=True)
    def _tokens(self, tokens):
        self.tokens = tokens

    def sender(self):
        self.senders.append(HttpSender(at(self.tokens), now=lambda: self.seconds))
        return self.senders[-1]

    # For tokens and deadlines alike; stands still unless a test moves it.
    seconds = 1000.0

    def test_one_token_serves_all_images_of_the_process(self, router, upstream, tokens):
        for _ in range(3):
            assert isinstance(self.make(router), GeneratedImage)
        router._adapter_of = lambda _name: self.adapter_at(upstream)  # as after five minutes
        assert isinstance(self.make(router), GeneratedImage)
        assert len(tokens.asked) == 1
        assert [asked.headers["authorization"] for asked in upstream.asked] == [
            "Bearer ya29.token-1"
        ] * 4

    def test_images_of_the_same_moment_wait_for_one_token(self, adapter, tokens):
        sender = self.sender()
        with ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda _: sender.send(adapter.check(), 5), range(8)))
        assert [reply.status for reply in replies] == [200] * 8
        assert len(tokens.asked) == 1

    def test_a_token_is_renewed_shortly_before_its_end(self, router, tokens):
        for self.seconds, given in [(1000, 1), (1000 + 3478, 1), (1000 + 3480, 2)]:
            assert isinstance(self.make(router), GeneratedImage)
            assert len(tokens.asked) == given

    def test_the_token_is_for_the_project_of_the_file(self, router, upstream):
        self.make(router)
        assert upstream.asked[0].path.startswith(
            "/projects/their-project/locations/europe-west4/publishers/google/models/"
        )
        assert "x-goog-api-key" not in upstream.asked[0].headers

    def test_a_token_that_was_withdrawn_is_followed_by_a_new_one(self, router, upstream, tokens):
        self.make(router)
        upstream.vendor.withdrawn.add("ya29.token-1")
        made = self.make(router)
        assert [attempt.outcome for attempt in made.attempts] == ["made"]
        assert (len(tokens.asked), len(upstream.asked)) == (2, 3)

    def test_an_account_without_rights_is_asked_once_more_and_no_more(
        self, router, upstream, tokens
    ):
        upstream.vendor.withdrawn |= {f"ya29.token-{number}" for number in range(9)}
        for exchanges, tries in [(1, 1), (2, 3)]:
            answer = self.make(router)
            assert [attempt.outcome for attempt in answer.attempts] == ["unauthorized"]
            assert (len(tokens.asked), len(upstream.asked)) == (exchanges, tries)

    @pytest.mark.parametrize("kind", ["invalid_grant", "unauthorized"])
    def test_an_account_that_google_refuses_is_unauthorized(self, router, upstream, tokens, kind):
        tokens.vendor.script = [kind]
        answer = self.make(router)
        (attempt,) = answer.attempts
        assert (attempt.provider, attempt.outcome) == ("vertex", "unauthorized")
        assert attempt.reason in {"invalid_grant", "unauthorized_client"}
        assert "words of theirs" not in repr(answer)
        assert upstream.asked == []
        # Nothing is kept of it.
        assert isinstance(self.make(router), GeneratedImage)

    @pytest.mark.parametrize("kind", ["transient", "rate_limited"])
    def test_an_outage_of_the_tokens_has_begun_no_image(self, router, upstream, tokens, kind):
        tokens.vendor.script = [kind]
        (attempt,) = self.make(router).attempts
        status = {"transient": 503, "rate_limited": 429}[kind]
        assert (attempt.outcome, attempt.reason) == ("transient", f"token_status_{status}")
        assert upstream.asked == []

    @pytest.mark.parametrize("fault", ["silent", "truncated", "html"])
    def test_half_an_answer_is_no_token(self, router, upstream, tokens, fault):
        tokens.faults = [fault]
        (attempt,) = self.make(router).attempts
        assert attempt.outcome == "transient"
        assert attempt.reason.startswith("token_")
        assert upstream.asked == []

    def test_what_is_sent_shows_no_key_to_whoever_prints_it(self, adapter):
        request = adapter.check()
        secret = json.loads(VertexOfAFile.account["service_account"])["private_key"][60:90]
        assert request.token_from is not None
        assert secret not in repr(request)

    @pytest.mark.parametrize("location", ["", "europe-west4"])
    def test_each_place_has_its_host(self, location):
        account = {"service_account": account_file(), "location": location}
        host = "europe-west4-aiplatform" if location else "aiplatform"
        assert VERTEX.adapter_for(account).base == f"https://{host}.googleapis.com/v1"

    def test_a_project_that_is_given_goes_before_that_of_the_file(self):
        account = {"service_account": account_file(), "project": "another"}
        assert "/projects/another/" in VERTEX.adapter_for(account).check().url


@pytest.mark.parametrize("what", BROKEN)
def test_a_file_that_is_none_is_told_in_words_that_quote_nothing_of_it(what):
    file, sentence = BROKEN[what]
    with pytest.raises(AccountUnusable) as caught:
        VERTEX.adapter_for({"service_account": file})
    assert str(caught.value) == f"the file of the Google service account {sentence}"
    # A chain would hold the key.
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


class Operator:
    """The operator's desk, with what is typed into a pipe."""

    def __init__(self, tokens, monkeypatch):
        self._monkeypatch = monkeypatch
        self.secrets = boto3.client("secretsmanager")
        self.sender = HttpSender(at(tokens))
        self.provider_keys = ProviderKeys(
            enabled=frozenset({"vertex"}), prefix=PREFIX, secrets=self.secrets, sender=self.sender
        )

    def pipe(self, text, **given):
        stdin = SimpleNamespace(isatty=lambda: False, read=lambda: text)
        self._monkeypatch.setattr(admin_providers, "sys", SimpleNamespace(stdin=stdin))
        self.provider_keys.keep("vertex", {**given, **admin_providers._secrets(["key", "token"])})

    def check(self):
        statuses = self.provider_keys.statuses(with_checks=True)
        return next(one for one in statuses if one.name == "vertex")


@pytest.fixture
def operator(tokens, monkeypatch):
    with mock_aws():
        operator = Operator(tokens, monkeypatch)
        yield operator
        operator.sender.close()


@pytest.fixture
def vertex():
    with Upstream(VertexOfAFile()) as upstream:
        yield upstream
        assert upstream.wrong == []


@pytest.mark.parametrize(
    "piped",
    [account_file(), json.dumps({"service_account": json.loads(account_file())})],
    ids=["the file", "within an account"],
)
def test_the_operator_pipes_the_file_and_the_worker_reads_it(operator, vertex, tokens, piped):
    operator.pipe(piped, location="europe-west4", base_url=vertex.url)
    status = operator.check()
    assert (status.key, status.check, status.is_bad) == (True, "good", False)
    assert len(tokens.asked) == len(vertex.asked) == 1
    adapter = Adapters(lambda: operator.secrets, PREFIX).of("vertex")
    assert operator.sender.send(adapter.check(), 5).status == 200


def test_the_operator_hears_that_google_refuses_the_account(operator, vertex, tokens):
    operator.pipe(account_file(), location="europe-west4", base_url=vertex.url)
    tokens.vendor.script = ["invalid_grant"]
    status = operator.check()
    assert (status.title, status.check) == ("Google Vertex AI", "unauthorized")
    tokens.vendor.script = ["transient"]
    assert operator.check().check == "no answer: token_status_503"


def test_a_file_that_is_none_is_not_kept(operator):
    with pytest.raises(LookupError) as caught:
        operator.pipe(account_file(private_key="words"))
    assert str(caught.value) == (
        "Google Vertex AI cannot be asked with this: the file of the Google service account"
        " has a private_key that is none. Nothing is kept."
    )
    assert not operator.check().key


def test_a_kept_file_that_is_none_is_told_by_the_check(operator):
    file = account_file(token_uri="https://a.test/token")
    operator.secrets.create_secret(Name=f"{PREFIX}vertex", SecretString=file)
    assert operator.check().check == (
        "the file of the Google service account names a token_uri that is not Google's"
    )
