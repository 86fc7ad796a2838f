from __future__ import annotations

import io
from base64 import b64decode

import pytest
from PIL import Image

from darkroom.domain.image_request import Reference
from darkroom.domain.worker_ports import GeneratedImage, Pictures
from darkroom.providers.interface import Failed, FailureKind, Handle, ProviderRequest, Refused
from tests.builders import image_request
from tests.contract.providers.asking import reply
from tests.contract.providers.suite import SlowContract
from tests.fakes.upstream import Answer, picture
from tests.fakes.vendors.replicate import MODELS, VERSION, ReplicateVendor

WITHOUT_REFERENCES = {
    "black-forest-labs/flux-schnell",
    "ideogram-ai/ideogram-v2",
    "ideogram-ai/ideogram-v2-turbo",
}
WITH_MASK = [model for model in MODELS if "ideogram" in model]
REFERENCES = {
    "black-forest-labs/flux-2-pro": ("input_images", 8),
    "black-forest-labs/flux-2-flex": ("input_images", 10),
    "black-forest-labs/flux-2-klein-4b": ("images", 4),
    "black-forest-labs/flux-3-image": ("images", 10),
    "google/nano-banana-pro": ("image_input", 14),
    "openai/gpt-image-2": ("input_images", 16),
    "bytedance/seedream-4": ("image_input", 10),
    "runwayml/gen4-image": ("reference_images", 3),
    "sourceful/riverflow-2.0-pro": ("init_images", 10),
    "sourceful/riverflow-2.0-fast": ("init_images", 4),
}
FILTERED = (
    "The input or output was flagged as sensitive. Please try again. (E005) (s7Wd)",
    "NSFW content detected. Try running it again, or try a different prompt.",
    "Your request was rejected by the safety system.",
    "Content moderated: words of theirs",
)


def sent(upstream):
    return upstream.asked[0].json["input"]


def opened(uri):
    return Image.open(io.BytesIO(b64decode(uri.partition(",")[2])))


class TestReplicate(SlowContract):
    vendor = ReplicateVendor

    @pytest.mark.parametrize("model", MODELS)
    @pytest.mark.parametrize("count", [0, 1, 2])
    def test_each_model_takes_what_the_catalogue_lets_through(
        self, router, upstream, ask_for, model, count
    ):
        if count and model in WITHOUT_REFERENCES:
            pytest.skip("takes no references without a mask")
        if count > 1 and model == "xai/grok-imagine-image":
            count = 1
        ask_for(model)
        made = self.make(
            router,
            Pictures(references=(picture(),) * count),
            width=1920,
            height=1080,
            negative_prompt="rain",
            steps=40,
            guidance=12.0,
            quality="high",
            strength=0.9,
        )
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)

    @pytest.mark.parametrize("model", REFERENCES)
    def test_no_more_references_than_the_model_takes(self, router, upstream, ask_for, model):
        field, most = REFERENCES[model]
        ask_for(model)
        assert isinstance(
            self.make(router, Pictures(references=(picture(),) * (most + 1))), GeneratedImage
        )
        assert len(sent(upstream)[field]) == most

    @pytest.mark.parametrize("model", WITH_MASK)
    def test_a_mask_is_black_where_the_picture_is_to_change(self, router, upstream, ask_for, model):
        ask_for(model)
        white = io.BytesIO()
        Image.new("L", (50, 50), 255).save(white, "PNG")
        made = self.make(
            router,
            Pictures(references=(picture(200, 100),), mask=white.getvalue()),
            mask=Reference(url="https://a.test/m.png"),
        )
        assert isinstance(made, GeneratedImage), (made, upstream.wrong)
        mask = opened(sent(upstream)["mask"])
        assert mask.size == (200, 100)
        assert mask.getextrema() == (0, 0)
        assert "style_reference_images" not in sent(upstream)

    @pytest.mark.parametrize(
        ("model", "size"),
        [
            ("black-forest-labs/flux-2-pro", {"width": 1920, "height": 1088}),
            ("black-forest-labs/flux-2-klein-9b", {"output_megapixels": "2"}),
            ("black-forest-labs/flux-3-image", {"aspect_ratio": "16:9", "resolution": "2k"}),
            ("google/nano-banana-pro", {"aspect_ratio": "16:9", "resolution": "2K"}),
            ("bytedance/seedream-4", {"size": "custom", "width": 1920, "height": 1080}),
            ("bytedance/seedream-4.5", {"size": "2K", "aspect_ratio": "16:9"}),
            ("runwayml/gen4-image", {"resolution": "1080p", "aspect_ratio": "16:9"}),
            ("openai/gpt-image-1.5", {"aspect_ratio": "3:2"}),
            ("ideogram-ai/ideogram-v3-balanced", {"aspect_ratio": "16:9"}),
        ],
    )
    def test_the_size_is_sent_as_the_model_has_it(self, router, upstream, ask_for, model, size):
        ask_for(model)
        assert isinstance(self.make(router, width=1920, height=1080), GeneratedImage)
        assert size.items() <= sent(upstream).items()

    def test_what_has_a_field_is_not_told_in_words(self, router, upstream, ask_for):
        ask_for("ideogram-ai/ideogram-v2")
        self.make(router, negative_prompt="rain")
        assert sent(upstream)["negative_prompt"] == "rain"
        assert "rain" not in sent(upstream)["prompt"]

    def test_what_has_no_field_is_told_in_words(self, router, upstream):
        self.make(router, Pictures(references=(picture(),)), negative_prompt="rain", strength=0.9)
        assert "Leave out: rain." in sent(upstream)["prompt"]
        assert "very close" in sent(upstream)["prompt"]

    def test_the_seed_is_brought_into_31_bits(self, router, upstream):
        self.make(router, seed=2**32 - 1)
        assert sent(upstream)["seed"] == 2**31 - 1

    def test_numbers_are_brought_into_the_models_bounds(self, router, upstream, ask_for):
        ask_for("black-forest-labs/flux-2-flex")
        self.make(router, steps=100, guidance=0.5)
        assert (sent(upstream)["steps"], sent(upstream)["guidance"]) == (50, 1.5)

    def test_a_model_of_another_owner_is_asked_for_by_its_version(self, router, upstream, ask_for):
        ask_for(f"runwayml/gen4-image:{VERSION}")
        assert isinstance(self.make(router), GeneratedImage), upstream.wrong
        assert upstream.asked[0].path == "/predictions"

    def test_a_callback_is_for_the_end_alone(self, adapter, upstream):
        wanted = ProviderRequest(
            request=image_request(), seed=7, model=self.vendor.model, callback="https://a.test/done"
        )
        assert self.sender().send(adapter.start(wanted), 5).status == 201
        assert upstream.asked[0].json["webhook"] == "https://a.test/done"
        assert upstream.asked[0].json["webhook_events_filter"] == ["completed"]

    def test_an_image_is_waited_for(self, router, upstream):
        assert isinstance(self.make(router), GeneratedImage)
        assert [asked.method for asked in upstream.asked] == ["POST", "GET", "GET", "GET"]

    @pytest.mark.parametrize("said", FILTERED)
    def test_a_prediction_that_a_filter_stopped_is_refused(self, router, upstream, said):
        upstream.vendor.error = said
        upstream.vendor.ending = "failed"
        answer = self.make(router)
        assert [attempt.outcome for attempt in answer.attempts] == ["refused"]
        assert answer.attempts[0].reason in {"E005", "filtered"}

    @pytest.mark.parametrize(
        ("ending", "said", "reason"),
        [
            ("failed", "CUDA out of memory: words of theirs", "failed"),
            ("failed", "Prediction failed. (E9243) words of theirs", "E9243"),
            ("canceled", "", "canceled"),
            ("aborted", "", "aborted"),
        ],
    )
    def test_another_end_is_an_unknown_outcome(self, router, upstream, ending, said, reason):
        upstream.vendor.error = said
        upstream.vendor.ending = ending
        answer = self.make(router)
        assert [(a.outcome, a.reason) for a in answer.attempts] == [("unknown", reason)]
        assert answer.may_retry

    def test_a_prediction_that_vanished_may_have_been_paid(self, router, upstream):
        pending = self.begin(router)
        upstream.vendor.predictions.clear()
        answer = router.poll_image(pending, ())
        assert [(a.outcome, a.reason) for a in answer.attempts] == [("unknown", "task_gone")]

    def test_an_output_that_was_deleted_is_an_unknown_outcome(self, adapter):
        body = {"id": "p0", "status": "succeeded", "output": None, "data_removed": True}
        answer = adapter.read_poll(reply(Answer(body=body)))
        assert answer == Failed(kind=FailureKind.UNKNOWN, reason="no_images")

    def test_an_image_that_nobody_wants_is_canceled(self, router, upstream):
        pending = self.begin(router)
        router.cancel_image(pending)
        assert upstream.vendor.canceled == [pending.id]

    def test_addresses_of_others_are_not_followed(self, adapter, upstream):
        body = {
            "id": "../../p0",
            "status": "starting",
            "urls": {"get": "https://evil.test/p0", "cancel": "https://evil.test/p0/cancel"},
        }
        handle = adapter.read_start(reply(Answer(status=201, body=body)))
        assert isinstance(handle, Handle)
        assert handle.poll == f"{upstream.url}/predictions/..%2F..%2Fp0"
        assert handle.cancel == f"{handle.poll}/cancel"

    @pytest.mark.parametrize(
        ("body", "headers", "seconds"),
        [
            ({"detail": "Request was throttled.", "retry_after": 5}, {}, 5),
            ({"detail": "Your rate limit resets in ~30s."}, {}, 30),
            ({"detail": "Request was throttled."}, {"retry-after": "7"}, 7),
            ({"detail": "Request was throttled.", "retry_after": -3}, {}, 0),
            ({"detail": "Request was throttled.", "retry_after": 10**8}, {}, 900),
            ({"detail": "Request was throttled."}, {}, None),
        ],
    )
    def test_how_long_to_wait_stands_in_the_body(self, adapter, body, headers, seconds):
        answer = adapter.read_start(reply(Answer(status=429, body=body, headers=headers)))
        assert isinstance(answer, Failed)
        assert (answer.kind, answer.retry_after) == (FailureKind.RATE_LIMITED, seconds)

    def test_a_prediction_that_ends_at_once_is_no_handle(self, adapter, upstream):
        url = upstream.keep(picture())
        body = {"id": "p0", "status": "succeeded", "output": [url]}
        assert adapter.read_start(reply(Answer(status=201, body=body))).urls == (url,)
        body = {"id": "p0", "status": "failed", "error": FILTERED[0]}
        assert adapter.read_start(reply(Answer(status=201, body=body))) == Refused(reason="E005")
