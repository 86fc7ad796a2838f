from __future__ import annotations

import jwt
import pytest

from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.domain.worker_ports import Pictures
from darkroom.providers.interface import Failed, FailureKind, Refused
from darkroom.providers.registry import providers
from darkroom.providers.vendors.kling import Kling
from tests.contract.providers.asking import begun, saying, serving
from tests.contract.providers.suite import SlowContract
from tests.fakes.upstream import picture
from tests.fakes.vendors.kling import KlingVendor, opened

ACCOUNT = {"key": "the-access-key", "secret": "the-secret-key-of-32-bytes-or-more"}


@pytest.fixture
def upstream():
    with serving(KlingVendor()) as upstream:
        yield upstream


@pytest.fixture
def send(upstream):
    """What it is sent, after it has found nothing wrong with it."""
    return lambda pictures=None, **changes: begun(upstream, "kling-v3", pictures, **changes).json


class TestKling(SlowContract):
    vendor = KlingVendor

    def test_no_funds_comes_as_too_many_requests(self, router, upstream):
        upstream.vendor.script = ["arrears"]
        (attempt,) = self.make(router).attempts
        assert (attempt.outcome, attempt.reason) == ("no_funds", "code_1101")

    @pytest.mark.parametrize(
        ("kind", "reason"), [("platform", "code_1300"), ("moderated_later", "task_moderated")]
    )
    def test_each_way_of_refusing(self, router, upstream, kind, reason):
        upstream.vendor.script = [kind]
        (attempt,) = self.make(router).attempts
        assert (attempt.outcome, attempt.reason) == ("refused", reason)

    def test_a_task_that_failed_may_have_to_be_paid(self, router, upstream):
        upstream.vendor.script = ["failed"]
        answer = self.make(router)
        assert [(made.outcome, made.reason) for made in answer.attempts] == [
            ("unknown", "task_failed")
        ]
        assert "words of theirs" not in repr(answer)

    def test_a_vanished_task_is_no_longer_asked_after(self, router, upstream):
        pending = self.begin(router)
        upstream.vendor.tasks.clear()
        (attempt,) = router.poll_image(pending, ()).attempts
        assert (attempt.outcome, attempt.reason) == ("unknown", "task_gone")

    def test_there_is_no_way_to_cancel(self, router, upstream):
        pending = self.begin(router)
        router.cancel_image(pending)
        assert [asked.method for asked in upstream.asked] == ["POST"]

    def test_another_secret_is_not_known(self, upstream):
        adapter = self.adapter_at(upstream)
        adapter.account = {**adapter.account, "secret": "another"}
        (attempt,) = self.make(self.router_with(adapter, 5)).attempts
        assert attempt.outcome == "unauthorized"

    def test_half_an_account_is_none(self):
        assert not providers()["kling"].can_be_asked_with({"key": "the-right-key"})


class TestWhatIsSent:
    def test_a_token_that_another_library_can_read(self):
        token = Kling(ACCOUNT).headers()["authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, ACCOUNT["secret"], algorithms=["HS256"])
        assert claims["iss"] == "the-access-key"
        assert claims["exp"] - claims["nbf"] == 1805
        assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}

    def test_ratios_and_resolutions(self, send):
        def shape(width, height):
            body = send(width=width, height=height)
            return body["aspect_ratio"], body["resolution"]

        assert shape(1024, 1024) == ("1:1", "1k")
        assert shape(1920, 1080) == ("16:9", "2k")
        assert shape(4096, 4096) == ("1:1", "2k")
        assert shape(1000, 1500) == ("2:3", "2k")

    def test_what_is_not_wanted_has_a_field_only_without_a_picture(self, send):
        body = send(negative_prompt="rain")
        assert (body["prompt"], body["negative_prompt"]) == ("a red boat", "rain")
        body = send(Pictures(references=(picture(640, 480),)), negative_prompt="rain")
        assert body["prompt"] == "a red boat\n\nLeave out: rain."
        assert "negative_prompt" not in body

    def test_how_closely_the_picture_is_followed(self, send):
        body = send(Pictures(references=(picture(640, 480),)), strength=0.9)
        assert body["image_fidelity"] == 0.9
        assert "image_fidelity" not in send(strength=0.9)

    @pytest.mark.parametrize(
        ("given", "form", "size"),
        [
            (picture(640, 480), "PNG", (640, 480)),
            (picture(640, 480, form="JPEG"), "JPEG", (640, 480)),
            (picture(640, 480, form="WEBP"), "PNG", (640, 480)),
            (picture(200, 100), "PNG", (600, 300)),
        ],
    )
    def test_a_picture_of_a_kind_that_it_takes(self, send, given, form, size):
        sent = opened(send(Pictures(references=(given,)))["image"])
        assert (sent.format, sent.size) == (form, size)

    def test_what_it_has_no_field_for_is_left_out(self, send):
        body = send(steps=30, guidance=4.5, quality="low", temperature=1.0)
        assert set(body) == {"model_name", "prompt", "n", "aspect_ratio", "resolution"}

    def test_where_to_call_back(self, send, upstream):
        send(callback="https://d.test/hook")
        assert upstream.vendor.callbacks == ["https://d.test/hook"]

    def test_the_catalogues_model(self):
        routes = {
            route.model
            for model in whole_catalogue().models.values()
            for route in model.routes
            if route.provider == "kling"
        }
        assert routes == {"kling-v3"}


class TestWhatIsRead:
    kling = Kling(ACCOUNT)

    def test_an_error_in_a_success(self):
        said = self.kling.read_start(saying(200, {"code": 1303, "message": "x"}))
        assert said == Failed(kind=FailureKind.RATE_LIMITED, reason="code_1303")
        assert self.kling.read_poll(saying(200, {"code": 1301})) == Refused(reason="code_1301")

    def test_a_code_that_nobody_knows_is_what_its_status_says(self):
        said = self.kling.read_start(saying(429, {"code": 1399, "message": "x"}))
        assert (said.kind, said.reason) == (FailureKind.RATE_LIMITED, "1399")

    def test_a_look_that_took_too_long_says_nothing_of_the_image(self):
        for status in (408, 502, 504):
            assert self.kling.read_poll(saying(status, b"x")).kind is FailureKind.TRANSIENT
        assert self.kling.read_start(saying(504, b"x")).kind is FailureKind.UNKNOWN

    def test_a_task_with_a_strange_name_is_asked_after_at_home(self):
        said = {"code": 0, "data": {"task_id": "../../a?b", "task_status": "submitted"}}
        handle = self.kling.read_start(saying(200, said))
        assert handle.poll == (
            "https://api-singapore.klingai.com/v1/images/generations/..%2F..%2Fa%3Fb"
        )
