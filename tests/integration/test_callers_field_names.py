"""An error names the field that its caller sent, in the words of the caller's dialect."""

import json
import re

import pytest

from darkroom.dialects import vendors
from darkroom.dialects.data import data_of
from darkroom.domain.catalogue import OPTIONS
from darkroom.domain.image_request import ImageRequest
from darkroom.usecases import submit_job
from tests.integration.dialect_bodies import (
    BODIES,
    FILE,
    IMAGES,
    READ_BY,
    another_key,
    nobody_waits,
    opened,
    sent,
)

NOBODY = "01890000-0000-7000-8000-000000000000"
# What the core calls fields of a request.
INTERNAL = {*OPTIONS, *ImageRequest.__slots__, "post_type", "caption", "collection", "media"}
# Sentences that the vendors document, or that say it in plain words.
DOCUMENTED = {
    ("posteverywhere", "aspect_ratio"): "Invalid aspect ratio. Must be one of",
    ("dalnulla", "model"): "Unknown model",
    ("dalnulla", "prompt"): "Prompt is required",
}


FIELDS = [
    pytest.param(case, field, id=f"{case[0]} {case[2]} {field}")
    for case, kind in READ_BY.items()
    for field in kind.__annotations__
]


@pytest.fixture(scope="module")
def system(shared_system):
    return opened(shared_system)


@pytest.fixture(scope="module")
def poor_workspace(shared_system):
    return opened(shared_system, "poor", credits_granted=0)


@pytest.fixture
def poor(poor_workspace):
    """Without credits: a request that nothing else is wrong with is a 402, and stores nothing.

    With a key of its own, as each may ask only so often.
    """
    return another_key(poor_workspace, "poor")


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch):
    nobody_waits(monkeypatch)


def message(case, answer):
    told = json.loads(answer.text)
    error = told.get("error")
    if isinstance(error, dict):
        return error["message"]
    return told.get("message") or error


def assert_names(case, answer, *fields):
    text = message(case, answer)
    known = [DOCUMENTED.get((case[0], field), "\0") for field in fields]
    words = set(re.findall(r"[A-Za-z_]+", text.replace("GPT Image", "")))
    assert words & set(fields) or any(text.startswith(one) for one in known), text
    own = {part for field in fields for part in field.split(".")}
    return words, own


@pytest.mark.parametrize(("case", "field"), FIELDS)
def test_a_bad_value_is_refused_by_the_callers_name_of_its_field(poor, case, field):
    for bad in ({"a": {}}, [[]], 7.5, True, "\u200b"):
        answer = sent(poor, case, BODIES[case] | {field: bad}, workspace="poor")
        if answer.status in {200, 201, 402}:
            continue  # it is a good one for this field
        assert answer.status in {400, 404}, answer.text
        words, own = assert_names(case, answer, field)
        if field not in INTERNAL:
            assert not (words - own) & {"references", "strength", "n", "caption", "collection"}, (
                message(case, answer)
            )


# A value of each field that some model does not take, or that names nothing.
OPTIONAL = {
    "supapost": {
        "referenceImageUrl": FILE,
        "referenceImageUrl referenceStrength": (FILE, 0.5),
        "influencerId": NOBODY,
        "aspectRatio": "21:9",
    },
    "powerpost": {
        "style_images": [NOBODY],
        "generation_id": NOBODY,
        "size": "feed",
        "quantity": 4,
        "source_post_type": "instagram-feed",
    },
    "dalnulla": {
        "count": 4,
        "resolution": "4K",
        "aspectRatio": "21:9",
        "negativePrompt": "rain",
        "seed": 7,
    },
    "posteverywhere": {"aspect_ratio": "5:4"},
    "qolaba": {
        "image_urls": [FILE] * 14,
        "reference_images": [{"url": FILE}] * 14,
        "image_urls reference_images": ([FILE] * 14, [{"url": FILE}]),
        "mask_url": FILE,
        "image_urls mask_url": ([FILE], FILE),
        "aspect_ratio": "21:9",
        "quality": "4K",
        "num_images": 10,
        "num_inference_steps": 20,
        "guidance_scale": 3.5,
        "temperature": 0.5,
        "negative_prompt": "rain",
        "seed": 7,
    },
}
MODELS = [
    pytest.param(name, model, id=f"{name} {model}")
    for name in IMAGES
    for model in data_of(f"{vendors.__path__[0]}/{name}/api.py")["models"]
]


@pytest.mark.parametrize(("name", "model"), MODELS)
def test_what_a_model_cannot_honour_is_refused_by_the_callers_name(poor, name, model):
    case = IMAGES[name]
    for fields, values in OPTIONAL[name].items():
        given = fields.split()
        chosen = dict(zip(given, values if len(given) > 1 else [values], strict=True))
        body = {"prompt": "a pier", "model": model, **chosen}
        answer = sent(poor, case, body, workspace="poor")
        if answer.status == 402 or "Midjourney" in answer.text:
            continue  # it can be honoured, or the model is refused for what it is
        assert answer.status in {400, 404}, (fields, answer.text)
        words, _ = assert_names(case, answer, *given, "image_urls", "prompt")
        own = {*given, "prompt", "seed", "quality", "negative_prompt", "temperature", "model"}
        assert not words & (INTERNAL - own - {"images", "mask"}), message(case, answer)


def refusal(system, name, **body):
    path = IMAGES[name]
    answer = sent(system, path, {"prompt": "a pier", **body})
    assert answer.status in {400, 404}, answer.text
    return answer.status, message(path, answer)


def test_the_fields_that_the_core_calls_otherwise(system):
    status, text = refusal(
        system,
        "supapost",
        model="google:imagen-4",
        referenceImageUrl=FILE,
        referenceStrength=0.5,
    )
    assert (status, "referenceImageUrl" in text) == (400, True)
    status, text = refusal(
        system,
        "supapost",
        model="fal:seedream-4-5",
        referenceImageUrl=FILE,
        referenceStrength=0.5,
    )
    assert (status, "referenceStrength" in text) == (400, True)
    status, text = refusal(system, "supapost", influencerId=NOBODY)
    assert (status, "influencerId" in text) == (400, True)
    # Documented by the vendor as a 404.
    status, text = refusal(system, "powerpost", style_images=[NOBODY])
    assert (status, "style_images.0" in text) == (404, True)
    status, text = refusal(system, "powerpost", generation_id=NOBODY)
    assert (status, "generation_id" in text) == (404, True)
    status, text = refusal(
        system,
        "qolaba",
        model="vertex/nano-banana-flash",
        image_urls=[FILE] * 14,
        reference_images=[{"url": FILE}] * 14,
    )
    assert (status, "reference_images" in text) == (400, True)


def test_more_images_than_may_be_on_their_way_are_too_many_by_each_name(system):
    small = opened(system, "small", max_in_flight=1)
    for name, field in (("powerpost", "quantity"), ("dalnulla", "count"), ("qolaba", "num_images")):
        case = IMAGES[name]
        answer = sent(small, case, BODIES[case] | {field: 2}, workspace="small")
        assert answer.status == 400
        assert field in message(case, answer)


# Natively, where the field is a fact of the problem.
def submitted(system, **body):
    answer = system.http("POST", "/v1/jobs", {"prompt": "a pier", **body})
    return answer.status, answer.json["code"], answer.json.get("field")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"references": [{"media": NOBODY}]}, "references.media.not_found", "references.0.media"),
        (
            {"references": [{"url": FILE}], "mask": {"media": NOBODY}},
            "mask.media.not_found",
            "mask.media",
        ),
        ({"caption": {"id": NOBODY}}, "caption.id.not_found", "caption.id"),
        ({"collection": NOBODY}, "collection.not_found", "collection"),
    ],
)
def test_an_unknown_id_in_a_request_is_an_error_of_its_field(system, body, code, field):
    assert submitted(system, **body) == (400, code, field)


def test_an_unknown_id_in_captions_and_collections_is_an_error_of_its_field(system):
    body = {"post_types": ["x-post"], "media": [NOBODY]}
    answer = system.http("POST", "/v1/captions", body)
    assert (answer.status, answer.json["field"]) == (400, "media.0")
    answer = system.http("POST", "/v1/collections", {"name": "a", "images": [NOBODY]})
    assert (answer.status, answer.json["field"]) == (400, "images.0")


@pytest.mark.parametrize(
    ("metadata", "field", "text"),
    [
        ({"order": 7}, "metadata.order", "metadata.order must be a text."),
        ({"order-id": 7}, "metadata.order-id", "metadata.order-id must be a text."),
        ({"<b>": 7}, "metadata", "Something in metadata must be a text."),
    ],
)
def test_an_error_in_metadata_names_its_entry(system, metadata, field, text):
    answer = system.http("POST", "/v1/jobs", {"prompt": "a pier", "metadata": metadata})
    assert (answer.status, answer.json["code"]) == (400, "metadata.wrong_type")
    assert (answer.json["field"], answer.json["detail"]) == (field, text)


@pytest.mark.parametrize("prefer", ["wait=90", "wait=99999999999", "respond-async, wait=26"])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/jobs", {"prompt": "a pier"}),
        ("/v1/captions", {"prompt": "a pier", "post_types": ["x-post"]}),
        ("/supapost/generate/image", {"prompt": "a pier"}),
        ("/powerpost/api/v1/images/generate", {"prompt": "a pier"}),
        ("/powerpost/api/v1/content/generate", {"prompt": "a pier", "post_types": ["x-post"]}),
    ],
)
def test_a_preferred_wait_is_answered_with_the_one_that_was_applied(
    system, monkeypatch, prefer, path, body
):
    monkeypatch.setattr(submit_job, "wait_for", lambda job, *_, **__: job)
    headers = {"prefer": prefer, "x-workspace-id": "rich"}
    answer = system.http("POST", path, body, headers=headers)
    assert answer.headers["preference-applied"] == "wait=25"
    headers = {"x-workspace-id": "rich"}
    assert "preference-applied" not in system.http("POST", path, body, headers=headers).headers
