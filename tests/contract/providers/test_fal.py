from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from PIL import Image

from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.worker_ports import Pictures
from darkroom.providers.interface import (
    Failed,
    FailureKind,
    Handle,
    Images,
    Pending,
    ProviderRequest,
    Refused,
)
from darkroom.providers.vendors.fal import Fal
from darkroom.providers.vendors.fal_endpoints import ENDPOINTS, WITH_MASK, WITH_PICTURES
from tests.builders import image_request
from tests.contract.providers.asking import SOME, begun, saying, serving
from tests.contract.providers.suite import ProviderContract, SlowContract
from tests.fakes.upstream import picture
from tests.fakes.vendors.fal import FalVendor, opened

ONE, OTHER = picture(640, 480), picture(480, 640, "red", "JPEG")
# They do nothing without a picture, or without a mask.
NEEDY = {"fal-ai/birefnet", "fal-ai/birefnet/v2"}
FILLS = {"fal-ai/flux-pro/v1/fill", "fal-ai/flux-lora-fill", "fal-ai/flux-general/inpainting"}
# Of these, fal has no endpoint for pictures that we know.
WORDS_ALONE = {
    "blackforestlabs/flux-3/text-to-image",
    "bytedance/seedream/v5/pro/us/text-to-image",
}
EDITS = {*WITH_PICTURES.values(), *WITH_MASK.values()}
MODELS = sorted(set(ENDPOINTS) - EDITS)
WITH_WORDS = [model for model in MODELS if model not in NEEDY | FILLS]
SIZES = [(1024, 1024), (64, 64), (4096, 4096), (1920, 1080), (1080, 1920), (4096, 256)]


def mask_of(white):
    """White in its left half, or in its right one."""
    image = Image.new("L", (640, 480), 0)
    image.paste(255, (0, 0, 320, 480) if white == "left" else (320, 0, 640, 480))
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def upstream():
    with serving(FalVendor()) as upstream:
        yield upstream


@pytest.fixture
def send(upstream):
    """What fal is sent, after it has found nothing wrong with it."""

    def send(model, pictures=None, **changes):
        asked = begun(upstream, model, pictures, **changes)
        return asked.path.removeprefix("/"), asked.json

    return send


class TestFal(SlowContract):
    vendor = FalVendor
    takes_mask = True

    def test_what_came_out_of_a_task_of_ours(self, router, upstream):
        self.make(router)
        submitted, *looks = upstream.asked
        assert submitted.path == "/fal-ai/ideogram/v3"
        here = "/fal-ai/ideogram/requests/764cabcf-1"
        states = [f"{here}/status"] * (upstream.vendor.polls + 1)
        assert [look.path for look in looks] == [*states, here]

    def test_a_blackened_picture_is_refused(self, router, upstream):
        upstream.vendor.blackened = True
        answer = self.make(router)
        assert [attempt.outcome for attempt in answer.attempts] == ["refused"]

    @pytest.mark.parametrize(
        ("kind", "reason"),
        [
            ("empty", "no_media_generated"),
            ("broken", "internal_server_error"),
            ("slow", "generation_timeout"),
        ],
    )
    def test_a_task_that_came_to_nothing_may_have_to_be_paid(self, router, upstream, kind, reason):
        upstream.vendor.script = [kind]
        (attempt,) = self.make(router).attempts
        assert (attempt.outcome, attempt.reason) == ("unknown", reason)

    def test_a_vanished_task_is_no_longer_asked_after(self, router, upstream):
        pending = self.begin(router)
        upstream.vendor.requests.clear()
        answer = router.poll_image(pending, ())
        assert [attempt.outcome for attempt in answer.attempts] == ["unknown"]

    def test_an_abandoned_task_is_canceled(self, router, upstream):
        pending = self.begin(router)
        router.cancel_image(pending)
        assert upstream.vendor.canceled == [pending.id]
        upstream.vendor.polls = 0
        (attempt,) = router.poll_image(pending, ()).attempts
        assert (attempt.outcome, attempt.reason) == ("unknown", "client_cancelled")

    def test_the_key_goes_to_nobody_else(self, router, upstream):
        upstream.vendor.site = "https://queue.fal.run.example"
        (attempt,) = self.make(router).attempts
        assert (attempt.outcome, attempt.reason) == ("unknown", "unreadable_reply")


class KleinVendor(FalVendor):
    model = "fal-ai/flux-2/klein/9b"


class TestFalsOwnModels(ProviderContract):
    """Another family, whose pictures go elsewhere."""

    vendor = KleinVendor


class TestEachEndpoint:
    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("model", WITH_WORDS)
    def test_with_words_alone(self, send, model, size):
        path, body = send(model, width=size[0], height=size[1], negative_prompt="rain")
        assert path == model
        assert "rain" in json.dumps(body)
        assert body["prompt"].startswith("a red boat")

    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("model", sorted({*WITH_WORDS, *NEEDY} - WORDS_ALONE))
    def test_with_pictures(self, send, model, size):
        pictures = Pictures(references=(ONE, OTHER))
        path, body = send(
            model, pictures, width=size[0], height=size[1], negative_prompt="rain", strength=0.9
        )
        assert path == WITH_PICTURES.get(model, model)
        assert path in EDITS | NEEDY
        sent = [body["image_url"]] if "image_url" in body else body["image_urls"]
        assert opened(sent[0]).size == (640, 480)
        if model not in NEEDY:
            assert "rain" in json.dumps({**body, "image_urls": [], "image_url": ""})

    @pytest.mark.parametrize("model", [*sorted(WITH_MASK), *sorted(FILLS)])
    def test_with_a_mask(self, send, model):
        path, body = send(model, Pictures(references=(ONE,), mask=mask_of("left")), mask=SOME)
        assert path == WITH_MASK.get(model, model)
        mask = opened(body.get("mask_url") or body["mask_image_url"])
        if "gpt-image" in model:  # OpenAI's own: clear where it is to change
            assert [mask.getpixel((x, 9))[3] for x in (9, 600)] == [0, 255]
        else:
            assert [mask.getpixel((x, 9)) for x in (9, 600)] == [255, 0]

    @pytest.mark.parametrize("model", MODELS)
    def test_with_every_number_at_its_end(self, send, model):
        mask = mask_of("left") if model in FILLS else None
        for pictures in (Pictures(), Pictures(references=(ONE,), mask=mask)):
            if model in NEEDY | FILLS and not pictures.references:
                continue
            for steps, guidance, strength in ((1, 0.0, 0.0), (500, 100.0, 1.0)):
                send(
                    model,
                    pictures,
                    seed=2**32 - 1,
                    steps=steps,
                    guidance=guidance,
                    strength=strength,
                    temperature=1.0,
                )

    @pytest.mark.parametrize("model", MODELS)
    def test_one_picture_in_png_where_that_can_be_said(self, send, model):
        pictures = Pictures(references=(ONE,)) if model in NEEDY | FILLS else None
        if model in FILLS:
            pictures = replace(pictures, mask=mask_of("left"))
        _, body = send(model, pictures)
        assert body.get("output_format", "png") == "png"

    def test_the_catalogues_are_all_known(self):
        routes = {
            route.model
            for model in whole_catalogue().models.values()
            for route in model.routes
            if route.provider == "fal"
        }
        assert routes
        assert routes <= set(ENDPOINTS)

    def test_an_unknown_one_is_sent_what_all_take(self):
        wanted = ProviderRequest(request=image_request(), seed=7, model="fal-ai/newest")
        request = Fal({"key": "k"}).start(wanted)
        assert json.loads(request.body) == {"prompt": "a red boat", "seed": 7}


class TestWhatIsSent:
    def test_a_seed_that_all_models_take(self, send):
        assert send("fal-ai/flux/dev", seed=2**32 - 1)[1]["seed"] == 2**31 - 1
        assert send("fal-ai/flux/dev", seed=7)[1]["seed"] == 7
        assert "seed" not in send("openai/gpt-image-2", seed=7)[1]

    def test_sizes(self, send):
        def size(model, width, height):
            return send(model, width=width, height=height)[1]["image_size"]

        assert size("fal-ai/flux-2-pro", 1920, 1080) == {"width": 1920, "height": 1088}
        assert size("fal-ai/flux/schnell", 1024, 1024) == {"width": 1024, "height": 1024}
        assert size("openai/gpt-image-2", 2048, 2048) == {"width": 2048, "height": 2048}
        assert size("openai/gpt-image-2.5/flare/text-to-image", 64, 64) == {
            "width": 816,
            "height": 816,
        }
        assert size("bytedance/seedream/v5/pro/us/text-to-image", 4096, 4096) == {
            "width": 2048,
            "height": 2048,
        }
        assert size("fal-ai/gpt-image-1.5", 1920, 1080) == "1536x1024"
        assert size("fal-ai/bytedance/seedream/v4.5/text-to-image", 1024, 1024) == {
            "width": 1920,
            "height": 1920,
        }

    def test_ratios_and_resolutions(self, send):
        def shape(model, width, height):
            body = send(model, width=width, height=height)[1]
            return body.get("aspect_ratio"), body.get("resolution")

        assert shape("fal-ai/nano-banana", 1920, 1080) == ("16:9", None)
        assert shape("fal-ai/nano-banana-pro", 2048, 2048) == ("1:1", "2K")
        assert shape("google/nano-banana-2.1", 4096, 1024) == ("4:1", "2K")
        assert shape("fal-ai/kling-image/v3/text-to-image", 4096, 4096) == ("1:1", "2K")
        assert shape("fal-ai/kling-image/o3/text-to-image", 4096, 4096) == ("1:1", "4K")
        assert shape("blackforestlabs/flux-3/text-to-image", 4096, 4096) == ("1:1", "2k")
        assert shape("xai/grok-imagine-image/v2.0/text-to-image", 1000, 2000) == ("1:2", "2k")
        assert shape("fal-ai/ideogram/v2", 1000, 3000) == ("1:3", None)
        assert shape("xai/grok-imagine-image", 2048, 2048) == ("1:1", "4K")

    def test_the_vendors_strength_is_how_much_changes(self, send):
        pictures = Pictures(references=(ONE,))

        def strength(model, wanted):
            return send(model, pictures, strength=wanted)[1]["strength"]

        assert strength("fal-ai/flux/dev", 0.9) == 0.1
        assert strength("fal-ai/flux/dev", 1.0) == 0.01
        assert strength("fal-ai/ideogram/v3", 0.9) == 0.9
        told = send("fal-ai/flux-2-pro", pictures, strength=0.9)[1]
        assert "strength" not in told
        assert "very close" in told["prompt"]

    def test_fields_for_what_they_have(self, send):
        assert send("fal-ai/flux-2-flex", steps=30, guidance=4.5)[1].items() >= {
            ("num_inference_steps", 30),
            ("guidance_scale", 4.5),
        }
        assert send("fal-ai/flux/schnell")[1]["num_inference_steps"] == 4
        assert send("openai/gpt-image-2", quality="low")[1]["quality"] == "low"
        grok = "xai/grok-imagine-image/v2.0/text-to-image"
        assert send(grok, quality="low")[1]["quality"] == "low"
        assert send("fal-ai/ideogram/v3", negative_prompt="rain")[1]["negative_prompt"] == "rain"
        assert send("fal-ai/ideogram/v3")[1]["expand_prompt"] is False

    def test_more_pictures_beside_the_first(self, send):
        pictures = Pictures(references=(ONE, OTHER, OTHER))
        body = send("fal-ai/ideogram/v3", pictures)[1]
        assert [opened(url).size for url in (body["image_url"], *body["image_urls"])] == [
            (640, 480),
            (480, 640),
            (480, 640),
        ]

    def test_where_to_call_back(self, send, upstream):
        send("fal-ai/flux/dev", callback="https://d.test/hook?a=1&b=2")
        assert upstream.vendor.callbacks == ["https://d.test/hook?a=1&b=2"]

    def test_scissors_take_no_words(self, send):
        _, body = send("fal-ai/birefnet/v2", Pictures(references=(ONE,)), width=2048, height=2048)
        assert set(body) == {"image_url", "output_format", "operating_resolution"}
        assert body["operating_resolution"] == "2048x2048"


class TestWhatIsRead:
    fal = Fal({"key": "k"})

    def test_the_picture_of_the_scissors(self):
        said = {"image": {"url": "https://v3b.fal.media/a.png"}, "mask_image": None}
        assert self.fal.read_poll(saying(200, said)) == Images(
            urls=("https://v3b.fal.media/a.png",)
        )

    @pytest.mark.parametrize(
        "said",
        [
            (202, {"status": "IN_QUEUE", "queue_position": 2}),
            (202, {"status": "IN_PROGRESS"}),
        ],
    )
    def test_not_yet(self, said):
        assert self.fal.read_poll(saying(*said)) == Pending()

    def test_a_look_that_took_too_long_says_nothing_of_the_image(self):
        for status in (408, 502, 504):
            said = self.fal.read_poll(saying(status, b"<html>"))
            assert said.kind is FailureKind.TRANSIENT
        assert self.fal.read_start(saying(504, b"<html>")).kind is FailureKind.UNKNOWN

    def test_what_fal_has_given_up(self):
        said = self.fal.read_poll(saying(503, {"detail": "x", "error_type": "runner_disconnected"}))
        assert said == Failed(kind=FailureKind.UNKNOWN, reason="runner_disconnected")

    def test_a_busy_one_says_for_how_long(self):
        said = self.fal.read_start(saying(429, {"detail": "x"}, **{"retry-after": "7"}))
        assert (said.kind, said.retry_after) == (FailureKind.RATE_LIMITED, 7)

    def test_a_key_without_rights_is_no_empty_purse(self):
        assert self.fal.read_start(saying(403, {"detail": "x"})).kind is FailureKind.UNAUTHORIZED
        assert self.fal.read_start(saying(402, {"detail": "x"})).kind is FailureKind.NO_FUNDS

    def test_moderation_at_once(self):
        said = {"detail": [{"type": "content_policy_violation", "msg": "x"}]}
        assert self.fal.read_start(saying(422, said)) == Refused(reason="content_policy_violation")

    def test_another_place_of_the_queue_may_be_asked(self):
        here = "https://eu.fal.run/x/y/requests/a"
        said = {"request_id": "a", "status_url": f"{here}/status", "response_url": here}
        handle = self.fal.read_start(saying(200, said))
        assert handle == Handle(id="a", poll=f"{here}/status", pace=2, signs=True)
        done = self.fal.read_poll(saying(200, {"status": "COMPLETED", **said}))
        assert done == Handle(id="a", poll=here)
        assert self.fal.cancel(handle) is None


def test_the_route_of_the_suite_is_in_the_catalogue():
    routes = [route for model in whole_catalogue().models.values() for route in model.routes]
    assert ProviderRoute(provider="fal", model=FalVendor.model) in routes
