"""POST /api/v1/generate-image where all goes well, statement by statement."""

from __future__ import annotations

import re
import shlex

import httpx
import pytest
from PIL import ImageChops, ImageStat

from tests.conformance.vendors import assert_is_image, curl

# As the document has it.
EXAMPLE = """curl -X POST https://api.dalnulla.com/api/v1/generate-image \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Bearer YOUR_TOKEN" \\
  -d '{
    "prompt": "A sunset over mountains, oil painting style",
    "model": "nano-banana",
    "aspectRatio": "16:9",
    "resolution": "1K"
  }'"""
SUNSET = "A sunset over mountains, oil painting style"
PROVIDERS = {
    "nano-banana": "gemini",
    "nano-banana-pro": "gemini",
    "flux-2-max": "flux",
    "flux-2-pro": "flux",
    "flux-2-flex": "flux",
    "flux-2-klein-9b": "flux",
    "flux-2-klein-4b": "flux",
    "gpt-image-1.5": "openai",
    "gpt-image-1": "openai",
    "gpt-image-1-mini": "openai",
    "midjourney-v7": "midjourney",
    "midjourney-v6-1": "midjourney",
    "runway-gen4-image": "runway",
    "runway-gen4-image-turbo": "runway",
    "grok-imagine-image": "xai",
    "seedream-4-5": "seedream",
    "seedream-4-0": "seedream",
    "riverflow-2-0-pro": "riverflow",
    "riverflow-2-0-fast": "riverflow",
    "kling-image-v3": "kling",
    "wan-2-6-image": "wan",
}


def last_job(client):
    return client.native("/v1/jobs?limit=1")["jobs"][0]


@pytest.mark.statement("D1", "D2", "D3", "D4", "D16", "D17", "D18", "D19", "D20", "D21", "D22")
@pytest.mark.statement("D23", "D24", "D25")
def test_the_documents_example_runs_as_it_stands_but_for_host_and_key(dalnulla):
    command = EXAMPLE.replace("https://api.dalnulla.com", dalnulla.base)
    command = command.replace("YOUR_TOKEN", dalnulla.key).replace("\\\n", "")
    status, body = curl(*shlex.split(command)[1:])
    assert status == 200
    path = body["filePath"]
    assert re.fullmatch(rf"{dalnulla.workspace}/generated/generated_ref_\d+\.png", path)
    one = {"filePath": path, "prompt": SUNSET, "provider": "gemini"}
    assert body == {**one, "results": [one]}


@pytest.mark.statement("D1")
def test_the_path_stands_at_the_root_of_a_host_of_that_name(dalnulla):
    port = dalnulla.local.file["port"]
    by_name = dalnulla.with_headers(Host=f"dalnulla.localhost:{port}")
    answer = by_name.post(
        "/api/v1/generate-image", {"prompt": "a boat"}, base=f"http://{dalnulla.host}"
    )
    assert answer.status_code == 200
    path = answer.json()["filePath"]
    opened = by_name.get(f"/api/v1/files/{path}", base=f"http://{dalnulla.host}")
    assert opened.status_code == 200
    assert_is_image(opened.content, "PNG", 1024, 1024)


@pytest.mark.statement("D5", "D6", "D25", "D36")
def test_the_answer_has_paths_at_which_the_images_can_be_had_at_once(dalnulla, generated, pixels):
    body = generated(dalnulla)
    assert "://" not in body["filePath"]
    assert last_job(dalnulla)["status"] == "completed"
    assert_is_image(pixels(dalnulla, body["filePath"]), "PNG", 1024, 1024)
    escaped = body["filePath"].replace("/", "%2F")
    assert pixels(dalnulla, escaped) == pixels(dalnulla, body["filePath"])


@pytest.mark.statement("D36")
def test_a_file_is_for_its_owner_only_and_its_path_for_nothing_else(dalnulla, generated, opened):
    path = f"/api/v1/files/{generated(dalnulla)['filePath']}"
    answer = dalnulla.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert dalnulla.request("HEAD", path).headers["content-length"] == str(len(answer.content))
    assert dalnulla.get(path, headers={"Authorization": None}).status_code == 401
    stranger = opened("dalnulla-stranger", 0)
    for client, wrong in (
        (stranger, path),
        (stranger, path.replace("/dalnulla/", "/dalnulla-stranger/")),
        (dalnulla, path.replace("generated_ref_", "generated_ref_1")),
        (dalnulla, path.replace("generated_ref_", "generated_ref_" + "9" * 39)),
        (dalnulla, path.replace(".png", ".jpg")),
        (dalnulla, path.replace("/generated/", "/uploaded/")),
        (dalnulla, "/api/v1/files/nothing"),
    ):
        answer = client.get(wrong)
        assert (answer.status_code, answer.json()) == (404, {"error": "Not found"})


@pytest.mark.statement("D36")
def test_a_deleted_image_is_gone(dalnulla, generated):
    path = f"/api/v1/files/{generated(dalnulla)['filePath']}"
    [image] = last_job(dalnulla)["images"]
    media = f"http://{dalnulla.host}/v1/media/{image['id']}"
    assert httpx.delete(media, headers=dalnulla.headers).status_code == 204
    assert dalnulla.get(path).status_code == 404


@pytest.mark.statement("D8", "D10", "D12", "D13", "D21")
def test_a_prompt_is_enough_for_one_image_of_nano_banana_that_is_square(dalnulla, generated):
    body = generated(dalnulla)
    assert len(body["results"]) == 1
    job = last_job(dalnulla)
    assert (job["model"], job["n"]) == ("nano-banana", 1)
    assert (job["width"], job["height"]) == (1024, 1024)
    assert "negative_prompt" not in job


@pytest.mark.statement("D9", "D23", "D30")
@pytest.mark.parametrize("model", sorted(PROVIDERS))
def test_each_model_that_is_listed_makes_images(dalnulla, generated, model):
    body = generated(dalnulla, model=model)
    assert body["provider"] == PROVIDERS[model]
    assert last_job(dalnulla)["model"] == model


@pytest.mark.statement("D9", "D26")
@pytest.mark.parametrize(
    "model", ["invalid-model", "Nano-Banana", "flux-dev", "imagen-4", "painter", "nano-banana-2"]
)
def test_no_other_model_is_known(dalnulla, model):
    answer = dalnulla.post("/api/v1/generate-image", {"prompt": "a boat", "model": model})
    assert answer.status_code == 400
    assert answer.json() == {"error": "Unknown model", "model": model}


@pytest.mark.statement("D10", "D11", "D37")
@pytest.mark.parametrize(
    ("ratio", "size"),
    [
        ("1:1", (1024, 1024)),
        ("16:9", (1024, 576)),
        ("9:16", (576, 1024)),
        ("4:3", (1024, 768)),
        ("3:4", (768, 1024)),
        ("2:3", (680, 1024)),
        ("3:2", (1024, 680)),
        ("4:5", (816, 1024)),
        ("5:4", (1024, 816)),
        ("21:9", (1024, 440)),
    ],
)
def test_each_ratio_has_its_size_with_1024_pixels_on_the_long_side(
    dalnulla, generated, pixels, ratio, size
):
    body = generated(dalnulla, aspectRatio=ratio)
    assert_is_image(pixels(dalnulla, body["filePath"]), "PNG", *size)


@pytest.mark.statement("D12", "D34", "D37")
def test_each_resolution_has_its_long_side_and_its_price(dalnulla, generated, pixels):
    for resolution, size, price in (
        ("1K", (1024, 440), 10),
        ("2K", (2048, 880), 20),
        ("4K", (4096, 1752), 40),
    ):
        body = generated(dalnulla, aspectRatio="21:9", resolution=resolution)
        assert_is_image(pixels(dalnulla, body["filePath"]), "PNG", *size)
        assert last_job(dalnulla)["credits"]["charged"] == price


@pytest.mark.statement("D4", "D13", "D20", "D21")
@pytest.mark.parametrize("count", [1, 2, 4])
def test_as_many_images_are_made_as_are_counted(dalnulla, generated, pixels, count):
    body = generated(dalnulla, count=count, aspectRatio="21:9")
    assert len(body["results"]) == count
    assert {name: body[name] for name in body["results"][0]} == body["results"][0]
    assert len({pixels(dalnulla, one["filePath"]) for one in body["results"]}) == count


@pytest.mark.statement("D7", "D22")
@pytest.mark.parametrize("prompt", ["Ein Boot, «größer»\n\tund 赤い 🚤", " spaces around "])
def test_the_prompt_is_answered_as_it_was_sent(dalnulla, generated, prompt):
    body = generated(dalnulla, prompt=prompt, count=2)
    assert [one["prompt"] for one in (body, *body["results"])] == [prompt] * 3


def distance(one, other):
    images = [assert_is_image(body, "PNG", 1024, 1024) for body in (one, other)]
    return sum(ImageStat.Stat(ImageChops.difference(*images)).mean)


@pytest.mark.statement("D15")
@pytest.mark.parametrize("seed", [0, 42, 2**32 + 42, -7])
def test_the_same_seed_and_request_give_the_same_image(dalnulla, generated, pixels, seed):
    def image(**body):
        return pixels(dalnulla, generated(dalnulla, **body)["filePath"])

    first = image(seed=seed)
    assert distance(first, image(seed=seed)) == 0
    assert distance(first, image(seed=seed + 1)) > 0
    assert distance(first, image()) > 0


@pytest.mark.statement("D14")
def test_what_is_to_be_avoided_is_left_out(dalnulla, generated, pixels):
    asked = {"prompt": "a red barn, red poppies and red balloons at sunset", "seed": 2}
    plain, without = (
        assert_is_image(
            pixels(dalnulla, generated(dalnulla, **body)["filePath"]), "PNG", 1024, 1024
        )
        for body in (asked, asked | {"negativePrompt": "red"})
    )
    assert last_job(dalnulla)["negative_prompt"] == "red"
    assert share_of_red(without) < share_of_red(plain) / 4


def share_of_red(image):
    hue, saturation, _ = image.convert("HSV").split()
    red = hue.point([255 if i < 12 or i > 245 else 0 for i in range(256)])
    vivid = saturation.point([255 if i > 90 else 0 for i in range(256)])
    return ImageStat.Stat(ImageChops.multiply(red, vivid)).mean[0]
