from __future__ import annotations

import io
from base64 import b64decode

import pytest
from PIL import Image

from darkroom.aws.session import Clients
from darkroom.bootstrap import worker
from darkroom.domain.image_request import Reference
from darkroom.domain.worker_ports import GeneratedImage, Pictures
from darkroom.providers.interface import Failed, FailureKind, Images, ProviderRequest, Refused
from darkroom.providers.registry import providers
from darkroom.providers.sender import HttpSender
from darkroom.providers.vendors.bedrock import HOST
from tests.builders import image_request
from tests.contract.providers.asking import reply
from tests.contract.providers.suite import ProviderContract
from tests.fakes.upstream import Answer, Upstream, picture
from tests.fakes.vendors.bedrock import MODELS, BedrockVendor

GENERATING = [model for model in MODELS if not model.startswith("us.")]
INPAINT = "us.stability.stable-image-inpaint-v1:0"
CUT_OUT = "us.stability.stable-image-remove-background-v1:0"
NO_KEY = "AWS's own rights of the deployment take the place of a key"


class TestBedrock(ProviderContract):
    vendor = BedrockVendor
    takes_references = 1

    def test_a_wrong_key_is_one(self):
        pytest.skip(NO_KEY)

    def test_a_harmless_request_tells_a_good_key_from_another(self):
        pytest.skip(NO_KEY)

    def test_requests_go_to_a_host_of_this_process(self):
        adapter = providers()["bedrock"].adapter_for({"region": "us-west-2"})
        request = adapter.start(ProviderRequest(request=image_request(), seed=7, model=INPAINT))
        assert request.url == (
            "https://bedrock.invalid/model/us.stability.stable-image-inpaint-v1%3A0/invoke"
        )
        assert set(request.headers) == {"accept", "content-type"}
        assert adapter.check() is None

    @pytest.mark.parametrize("model", GENERATING)
    @pytest.mark.parametrize("count", [0, 1, 2])
    def test_each_model_takes_what_the_catalogue_lets_through(
        self, router, upstream, ask_for, model, count
    ):
        ask_for(model)
        made = self.make(
            router,
            Pictures(references=(picture(),) * count),
            width=1920,
            height=1080,
            negative_prompt="rain",
            strength=0.9,
        )
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)
        sent = upstream.asked[0].json
        assert sent["negative_prompt"] == "rain"
        is_after_picture = count > 0 and "core" not in model
        assert sent.get("strength") == (0.1 if is_after_picture else None)
        assert sent.get("aspect_ratio") == (None if is_after_picture else "16:9")

    @pytest.mark.parametrize(
        ("seed", "theirs"), [(7, 7), (2**32 - 2, 2**32 - 2), (2**32 - 1, 1), (0, 1)]
    )
    def test_a_seed_is_never_the_one_that_means_any(self, router, upstream, seed, theirs):
        self.make(router, seed=seed)
        assert upstream.asked[0].json["seed"] == theirs

    def test_a_mask_is_white_where_the_picture_is_to_change(self, router, upstream, ask_for):
        ask_for(INPAINT)
        white = io.BytesIO()
        Image.new("L", (50, 50), 255).save(white, "PNG")
        pictures = Pictures(references=(picture(200, 100),), mask=white.getvalue())
        made = self.make(router, pictures, mask=Reference(url="https://a.test/m.png"), strength=0.9)
        assert isinstance(made, GeneratedImage), upstream.wrong
        mask = Image.open(io.BytesIO(b64decode(upstream.asked[0].json["mask"])))
        assert (mask.size, mask.getextrema()) == ((200, 100), (255, 255))
        assert "very close" in upstream.asked[0].json["prompt"]

    def test_a_background_is_taken_away_without_words(self, router, upstream, ask_for):
        ask_for(CUT_OUT)
        made = self.make(router, Pictures(references=(picture(),)), prompt="")
        assert isinstance(made, GeneratedImage), upstream.wrong
        assert upstream.asked[0].json.keys() == {"image", "output_format"}

    @pytest.mark.parametrize("where", ["prompt", "output image", "input image"])
    def test_what_a_filter_stopped_is_refused(self, router, upstream, where):
        upstream.vendor.finish_reason = f"Filter reason: {where}"
        answer = self.make(router)
        reason = f"Filter_reason_{where.replace(' ', '_')}"
        assert [(a.outcome, a.reason) for a in answer.attempts] == [("refused", reason)]

    def test_an_error_of_inference_made_nothing(self, router, upstream):
        upstream.vendor.finish_reason = "Inference error"
        answer = self.make(router)
        assert [(a.outcome, a.reason) for a in answer.attempts] == [
            ("transient", "Inference_error")
        ]

    @pytest.mark.parametrize(
        ("kind", "trouble"),
        [
            ("quota", FailureKind.RATE_LIMITED),
            ("not_ready", FailureKind.RATE_LIMITED),
            ("model_error", FailureKind.TRANSIENT),
            ("unavailable", FailureKind.TRANSIENT),
            ("cut_off", FailureKind.UNKNOWN),
        ],
    )
    def test_each_exception_has_its_meaning(self, adapter, upstream, kind, trouble):
        answer = adapter.read_start(reply(upstream.vendor.trouble(kind)))
        assert isinstance(answer, Failed)
        assert answer.kind is trouble
        assert answer.reason.endswith("Exception")

    @pytest.mark.parametrize(
        ("message", "outcome"),
        [
            (
                "The provided model identifier is invalid.",
                Failed(kind=FailureKind.MODEL_GONE, reason="ValidationException"),
            ),
            (
                "This request has been blocked by our content filters.",
                Refused(reason="ValidationException"),
            ),
            (
                "Malformed input request",
                Failed(kind=FailureKind.INVALID, reason="ValidationException"),
            ),
        ],
    )
    def test_one_exception_stands_for_much(self, adapter, message, outcome):
        body = {"code": "ValidationException", "message": message}
        assert adapter.read_start(reply(Answer(status=400, body=body))) == outcome


@pytest.fixture
def deployed(monkeypatch):
    """As the worker asks it: through AWS's SDK, in the place of the network."""
    with Upstream(BedrockVendor()) as upstream:
        upstream.vendor.is_signed = True
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", upstream.url)
        sender = HttpSender({HOST: worker._bedrock(Clients())})
        yield upstream, sender
        sender.close()


def start(sender):
    adapter = providers()["bedrock"].adapter_for({})
    wanted = ProviderRequest(request=image_request(), seed=7, model=BedrockVendor.model)
    return adapter.read_start(sender.send(adapter.start(wanted), 20))


def test_the_deployed_one_asks_once_through_awss_sdk(deployed):
    upstream, sender = deployed
    assert isinstance(start(sender), Images), upstream.wrong
    assert len(upstream.asked) == 1
    assert upstream.wrong == []


def test_the_deployed_one_does_not_ask_again_after_half_an_answer(deployed):
    upstream, sender = deployed
    upstream.faults = ["truncated"]
    assert start(sender).kind is FailureKind.UNKNOWN
    upstream.vendor.script = ["transient"]
    assert start(sender).kind is FailureKind.TRANSIENT
    assert len(upstream.asked) == 2
