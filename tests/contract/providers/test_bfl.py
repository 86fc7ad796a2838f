from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.domain.worker_ports import Pictures
from darkroom.providers.interface import (
    Failed,
    FailureKind,
    Handle,
    Pending,
    Refused,
)
from darkroom.providers.vendors.bfl import _MODELS, Bfl
from tests.contract.providers.asking import SOME, begun, saying, serving
from tests.contract.providers.suite import ProviderContract, SlowContract
from tests.fakes.upstream import picture
from tests.fakes.vendors.bfl import BflVendor, opened

ONE, OTHER = picture(640, 480), picture(480, 640, "red", "JPEG")
SIZES = [(1024, 1024), (64, 64), (4096, 4096), (1920, 1080), (4096, 256)]
FILL = "flux-pro-1.0-fill"
FLUX_3 = "flux-3-image"
FLUX_2 = [model for model in _MODELS if model.startswith("flux-2")]


@pytest.fixture
def upstream():
    with serving(BflVendor()) as upstream:
        yield upstream


@pytest.fixture
def send(upstream):
    """What they are sent, after they have found nothing wrong with it."""

    def send(model, pictures=None, **changes):
        asked = begun(upstream, model, pictures, **changes)
        assert asked.path == f"/v1/{model}"
        return asked.json

    return send


class TestBfl(SlowContract):
    vendor = BflVendor

    def test_what_they_bill_is_told(self, router):
        made = self.make(router)
        assert [attempt.usd for attempt in made.attempts] == [0.045]

    def test_moderation_after_the_painting_is_a_refusal(self, router, upstream):
        upstream.vendor.script = ["moderated_later"]
        (attempt,) = self.make(router).attempts
        assert (attempt.outcome, attempt.reason) == ("refused", "Content_Moderated")
        assert attempt.usd == 0.045

    def test_a_task_that_failed_may_have_to_be_paid(self, router, upstream):
        upstream.vendor.script = ["error"]
        (attempt,) = self.make(router).attempts
        assert (attempt.outcome, attempt.reason) == ("unknown", "Error")

    def test_a_task_that_is_not_known_yet_is_asked_after_again(self, router, upstream):
        upstream.vendor.polls = 0
        pending = self.begin(router)
        tasks, upstream.vendor.tasks = upstream.vendor.tasks, {}
        assert router.poll_image(pending, ()) is None
        upstream.vendor.tasks = tasks
        assert router.poll_image(pending, ()).body

    def test_the_key_goes_to_nobody_else(self, router, upstream):
        upstream.vendor.site = "https://api.bfl.ai.example"
        (attempt,) = self.make(router).attempts
        assert (attempt.outcome, attempt.reason) == ("unknown", "unreadable_reply")

    def test_there_is_no_way_to_cancel(self, router, upstream):
        pending = self.begin(router)
        router.cancel_image(pending)
        assert [asked.method for asked in upstream.asked] == ["POST"]


class FillVendor(BflVendor):
    model = FILL


class TestBflFill(ProviderContract):
    vendor = FillVendor
    takes_mask = True

    def router_with(self, adapter, total_seconds):
        """A fill is nothing without a picture."""
        made = super().router_with(adapter, total_seconds)
        plain = made.make

        def with_a_picture(generation, routes):
            if not generation.pictures.references:
                generation = replace(generation, pictures=Pictures(references=(ONE,)))
            return plain(generation, routes)

        made.make = with_a_picture
        return made


class Flux3Vendor(BflVendor):
    model = FLUX_3
    # Its fields are younger than the vendor's description that we have.
    description = ""


class TestBflFlux3(SlowContract):
    vendor = Flux3Vendor


class TestEachModel:
    @pytest.mark.parametrize(("width", "height"), SIZES)
    @pytest.mark.parametrize("model", [model for model in _MODELS if model != FILL])
    def test_with_words_alone(self, send, model, width, height):
        body = send(model, width=width, height=height, negative_prompt="rain")
        assert body["prompt"] == "a red boat\n\nLeave out: rain."
        assert body.get("output_format", "png") == "png"
        assert not body.get("prompt_upsampling")

    @pytest.mark.parametrize("model", _MODELS)
    def test_with_pictures(self, send, model):
        body = send(model, Pictures(references=(ONE, OTHER)), strength=0.9)
        if model == FLUX_3:
            assert [opened(code).size for code in body["images"]] == [(640, 480), (480, 640)]
            return
        names = [name for name in body if "image" in name and "strength" not in name]
        assert opened(body[names[0]]).size == (640, 480)
        if model.startswith(("flux-2", "flux-kontext")):
            assert names == ["input_image", "input_image_2"]
            assert opened(body["input_image_2"]).size == (480, 640)
        else:
            assert len(names) == 1
        assert ("very close" in body["prompt"]) == ("image_prompt_strength" not in body)

    @pytest.mark.parametrize("model", _MODELS)
    def test_with_every_number_at_its_end(self, send, model):
        for steps, guidance, strength in ((1, 0.0, 0.0), (500, 500.0, 1.0)):
            send(
                model,
                Pictures(references=(ONE,)),
                seed=2**32 - 1,
                steps=steps,
                guidance=guidance,
                strength=strength,
                quality="low",
                temperature=1.0,
            )

    def test_as_many_pictures_as_they_take(self, send):
        body = send("flux-2-max", Pictures(references=(ONE,) * 8))
        assert "input_image_8" in body
        assert "input_image_4" in send("flux-2-klein-4b", Pictures(references=(ONE,) * 4))

    def test_a_mask(self, send):
        image = Image.new("L", (64, 48), 0)
        image.paste(255, (0, 0, 32, 48))
        written = io.BytesIO()
        image.save(written, "PNG")
        body = send(FILL, Pictures(references=(ONE,), mask=written.getvalue()), mask=SOME, steps=20)
        mask = opened(body["mask"])
        assert [mask.getpixel((x, 9)) for x in (9, 630)] == [255, 0]
        assert body["steps"] == 20
        assert "width" not in body

    def test_the_catalogues_are_all_known(self):
        routes = {
            route.model
            for model in whole_catalogue().models.values()
            for route in model.routes
            if route.provider == "bfl"
        }
        assert routes
        assert routes <= set(_MODELS)


class TestWhatIsSent:
    @pytest.mark.parametrize("model", FLUX_2)
    def test_sizes(self, send, model):
        def size(width, height):
            body = send(model, width=width, height=height)
            return body["width"], body["height"]

        assert size(1024, 1024) == (1024, 1024)
        assert size(1920, 1080) == (1920, 1088)
        assert size(4096, 4096) == (2048, 2048)

    def test_fields_for_what_they_have(self, send):
        body = send("flux-2-flex", steps=30, guidance=4.5, seed=2**32 - 1)
        assert (body["steps"], body["guidance"], body["seed"]) == (30, 4.5, 2**32 - 1)
        assert body["prompt_upsampling"] is False
        assert "steps" not in send("flux-2-pro", steps=30)
        assert send("flux-kontext-pro", width=1920, height=1080)["aspect_ratio"] == "16:9"
        assert send("flux-pro-1.1", width=4096, height=4096)["width"] == 1440

    @pytest.mark.parametrize(
        ("size", "sent"),
        [
            ((64, 64), ("1:1", "768sq")),
            ((1024, 1024), ("1:1", "1k")),
            ((1920, 1080), ("16:9", "1.5k")),
            ((4096, 4096), ("1:1", "2k")),
            ((1400, 1000), ("7:5", "1.5k")),
        ],
    )
    def test_flux_3_has_a_shape_and_a_step_in_place_of_pixels(self, send, size, sent):
        body = send(FLUX_3, width=size[0], height=size[1], callback="https://d.test/hook")
        assert (body["aspect_ratio"], body["resolution"]) == sent
        assert set(body) == {"prompt", "aspect_ratio", "resolution", "grounding"}

    def test_flux_3_is_sent_no_picture_that_is_too_small_for_it(self, send):
        small = picture(90, 160)
        [sent] = send(FLUX_3, Pictures(references=(small,)))["images"]
        assert opened(sent).size == (256, 456)

    def test_where_to_call_back_and_where_to_look_then(self, upstream, send):
        send("flux-2-pro", callback="https://d.test/hook")
        assert upstream.vendor.callbacks == ["https://d.test/hook"]
        bfl = Bfl({"key": "k"})
        said = {"id": "a/b", "status": "Pending", "webhook_url": "https://d.test/hook", "cost": 3}
        handle = bfl.read_start(saying(200, said))
        assert handle.poll == "https://api.bfl.ai/v1/get_result?id=a%2Fb"
        assert handle.usd == 0.03


class TestWhatIsRead:
    bfl = Bfl({"key": "k"})

    def test_a_region_of_theirs_is_looked_at(self):
        where = "https://api.us1.bfl.ai/v1/get_result?id=a"
        handle = self.bfl.read_start(saying(200, {"id": "a", "polling_url": where}))
        assert handle == Handle(id="a", poll=where, pace=1)
        asked = self.bfl.poll(handle)
        assert (asked.url, asked.headers) == (where, {"x-key": "k"})

    def test_not_yet(self):
        assert self.bfl.read_poll(saying(200, {"id": "a", "status": "Pending"})) == Pending()

    def test_a_look_that_took_too_long_says_nothing_of_the_image(self):
        for status in (404, 408, 502, 504):
            assert self.bfl.read_poll(saying(status, b"x")).kind is FailureKind.TRANSIENT
        assert self.bfl.read_start(saying(504, b"x")).kind is FailureKind.UNKNOWN

    def test_moderation_under_any_status(self):
        said = {"id": "a", "status": "Content Moderated"}
        assert self.bfl.read_poll(saying(422, said)) == Refused(reason="Content_Moderated")

    def test_a_busy_one_says_for_how_long(self):
        said = self.bfl.read_start(saying(429, {"detail": "x"}, **{"retry-after": "9"}))
        assert said == Failed(kind=FailureKind.RATE_LIMITED, reason="status_429", retry_after=9)
