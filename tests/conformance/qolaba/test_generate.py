"""POST /api/v1/images/generate where the caller waits and all goes well."""

from __future__ import annotations

import io
import re
import shlex

import httpx
import pytest
from PIL import Image, ImageChops, ImageStat

from tests.conformance.vendors import an_image, assert_is_image, curl, fetched, site

# As the document has it.
EXAMPLE = """curl -X POST https://api.platform.qolaba.ai/api/v1/images/generate \\
  -H "X-API-Key: your_api_key" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "vertex/nano-banana-flash",
    "prompt": "A photorealistic cat sitting on the Eiffel Tower at sunset",
    "aspect_ratio": "16:9"
  }'"""
CAT = "A photorealistic cat sitting on the Eiffel Tower at sunset"
PATH = "/api/v1/images/generate"
TASK_ID = r"task_\d{13}_[0-9a-z]{1,16}"
VERTEX = [f"vertex/{name}" for name in ("nano-banana-flash", "nano-banana-pro", "imagen-4")]
SIZES = {
    "1:1": (1024, 1024),
    "2:3": (832, 1248),
    "3:2": (1248, 832),
    "3:4": (864, 1152),
    "4:3": (1152, 864),
    "4:5": (896, 1120),
    "5:4": (1120, 896),
    "9:16": (720, 1280),
    "16:9": (1280, 720),
    "21:9": (1344, 576),
}


def picture(body, number=0):
    told = body["images"][number]
    answer = fetched(told["url"])
    assert answer.headers["content-type"] == told["content_type"]
    return assert_is_image(answer.content, "PNG", told["width"], told["height"])


def distance(one, other):
    """Mean difference per channel, 0 to 255."""
    both = (image.convert("RGB") for image in (one, other))
    return sum(ImageStat.Stat(ImageChops.difference(*both)).mean) / 3


@pytest.mark.statement("Q1", "Q2", "Q4", "Q6", "Q7", "Q8", "Q9", "Q10", "Q11", "Q13", "Q15", "Q22")
@pytest.mark.statement("Q34", "Q41", "Q42", "Q43", "Q45", "Q46", "Q47", "Q48", "Q49", "Q50", "Q51")
@pytest.mark.statement("Q52")
def test_the_documents_example_runs_as_it_stands_but_for_host_and_key(qolaba):
    command = EXAMPLE.replace("https://api.platform.qolaba.ai", qolaba.base)
    command = command.replace("your_api_key", qolaba.key).replace("\\\n", "")
    status, body = curl(*shlex.split(command)[1:])
    assert status == 200
    assert re.fullmatch(TASK_ID, body["task_id"])
    [image] = body["images"]
    assert body == {
        "task_id": body["task_id"],
        "prompt": CAT,
        "images": [
            {"url": image["url"], "width": 1280, "height": 720, "content_type": "image/png"}
        ],
        "usage": {"images_generated": 1, "cost_usd": 0.03, "cost_credits": 6},
    }
    picture(body)


@pytest.mark.statement("Q3", "Q4")
def test_the_key_is_taken_as_a_bearer_token_and_as_x_api_key(penniless):
    body = {"model": "vertex/nano-banana-flash", "prompt": "a boat"}
    none, key = {"Authorization": None}, penniless.key
    for headers, status in (
        ({"Authorization": f"Bearer {key}"}, 402),
        (none | {"X-API-Key": key}, 402),
        (none, 401),
        (none | {"X-API-Key": "nonsense"}, 401),
        ({"Authorization": "Bearer nonsense"}, 401),
        ({"Authorization": f"Basic {key}"}, 401),
    ):
        assert penniless.post(PATH, body, headers=headers).status_code == status


@pytest.mark.statement("Q1")
def test_the_paths_stand_at_the_root_of_a_host_of_that_name(qolaba):
    port, root = qolaba.local.file["port"], f"http://{qolaba.host}"
    by_name = qolaba.with_headers(Host=f"qolaba.localhost:{port}")
    body = {"model": "vertex/nano-banana-flash", "prompt": "a boat"}
    answer = by_name.post(PATH, body, base=root)
    assert answer.status_code == 200
    task = by_name.get(f"/api/v1/tasks/{answer.json()['task_id']}", base=root)
    assert task.json()["status"] == "SUCCESS"
    [image] = answer.json()["images"]
    assert image["url"].startswith(f"http://qolaba.localhost:{port}/v1/files/")
    at_root = image["url"].replace("qolaba.localhost", "127.0.0.1")
    assert httpx.get(at_root, headers={"Host": f"qolaba.localhost:{port}"}).status_code == 200


@pytest.mark.statement("Q13", "Q15", "Q41", "Q42")
def test_celery_false_waits_and_is_what_is_meant_by_leaving_it_out(qolaba, generated):
    bodies = generated(qolaba, celery=False), generated(qolaba)
    assert {frozenset(body) for body in bodies} == {
        frozenset({"task_id", "prompt", "images", "usage"})
    }
    assert bodies[0]["task_id"] != bodies[1]["task_id"]
    task = qolaba.get(f"/api/v1/tasks/{bodies[0]['task_id']}").json()
    assert {"task_id": task["task_id"], **task["output"]} == bodies[0]


@pytest.mark.statement("Q5", "Q6", "Q21", "Q23", "Q26")
@pytest.mark.parametrize(
    ("model", "fields"),
    [
        *((model, {"prompt": "a boat"}) for model in VERTEX),
        ("vertex/imagen-4-fast", {"prompt": "a boat"}),
        ("vertex/imagen-4-ultra", {"prompt": "a boat"}),
        ("fal/flux-dev", {"prompt": "a boat"}),
        ("fal/flux-inpainting", {"prompt": "a boat", "image_urls": 1, "mask_url": 1}),
        ("fal/birefnet", {"image_urls": 1}),
        ("openai/gpt-image-2", {"prompt": "a boat"}),
    ],
)
def test_each_model_makes_an_image(qolaba, model, fields):
    with site() as web:
        source = web.serve("/a.png", an_image(size=(256, 256)))
        mask = web.serve("/mask.png", an_image(color="white", size=(256, 256)))
        given = {"image_urls": [source], "mask_url": mask}
        body = {"model": model, **{name: given.get(name, value) for name, value in fields.items()}}
        answer = qolaba.post(PATH, body)
    assert answer.status_code == 200, answer.text
    picture(answer.json())
    assert answer.json()["prompt"] == fields.get("prompt", "")


@pytest.mark.statement("Q9", "Q28", "Q47")
@pytest.mark.parametrize("ratio", SIZES)
def test_each_ratio_has_its_size(qolaba, generated, ratio):
    body = generated(qolaba, aspect_ratio=ratio)
    assert picture(body).size == SIZES[ratio]


@pytest.mark.statement("Q28")
def test_without_a_ratio_the_image_is_square(qolaba, generated):
    assert picture(generated(qolaba)).size == (1024, 1024)


@pytest.mark.statement("Q30", "Q31", "Q47", "Q51", "Q52")
def test_the_quality_of_vertex_models_is_the_resolution_and_has_its_price(qolaba, generated):
    for quality, size, cost in (
        ("1K", (1280, 720), 6),
        ("2K", (2560, 1440), 12),
        ("4K", (3840, 2160), 24),
    ):
        body = generated(qolaba, aspect_ratio="16:9", quality=quality)
        assert picture(body).size == size
        usage = body["usage"]
        assert usage["cost_credits"] == cost
        assert usage["cost_usd"] == pytest.approx(cost * 0.005)


@pytest.mark.statement("Q30", "Q32", "Q51")
def test_the_quality_of_gpt_image_2_is_its_effort_and_has_its_price(qolaba, generated):
    pictures = []
    for quality, cost in (("low", 2), ("medium", 8), ("high", 32)):
        body = generated(qolaba, model="openai/gpt-image-2", quality=quality)
        assert body["usage"]["cost_credits"] == cost
        pictures.append(picture(body))
        assert pictures[-1].size == (1024, 1024)
        assert qolaba.native("/v1/jobs?limit=1")["jobs"][0]["quality"] == quality


@pytest.mark.statement("Q33", "Q34", "Q45", "Q50", "Q51")
def test_as_many_images_are_made_and_paid_as_are_asked_for(qolaba, generated):
    body = generated(qolaba, num_images=10, aspect_ratio="21:9")
    assert len({image["url"] for image in body["images"]}) == 10
    assert body["usage"] == {"images_generated": 10, "cost_usd": 0.3, "cost_credits": 60}
    assert distance(picture(body, 0), picture(body, 9)) > 1
    assert generated(qolaba, num_images=1)["usage"]["images_generated"] == 1


@pytest.mark.statement("Q20", "Q43")
@pytest.mark.parametrize("prompt", ["Ein Boot, «größer»\n\tund 赤い 🚤", " a ", "a" * 4000])
def test_the_prompt_is_answered_as_it_was_sent(qolaba, generated, prompt):
    assert generated(qolaba, prompt=prompt)["prompt"] == prompt


@pytest.mark.statement("Q35", "Q44")
@pytest.mark.parametrize("seed", [0, 42, 2**40, -7])
def test_the_same_seed_gives_the_same_image(qolaba, generated, seed):
    first, again, other = (generated(qolaba, seed=s) for s in (seed, seed, seed + 1))
    assert first["seed"] == again["seed"] == seed
    assert distance(picture(first), picture(again)) == 0
    assert distance(picture(first), picture(other)) > 1


@pytest.mark.statement("Q44")
def test_the_seed_that_was_used_is_told_where_it_can_be_passed_back(qolaba, generated):
    asked = {"model": "fal/flux-dev", "num_images": 2}
    first, other = generated(qolaba, **asked), generated(qolaba, **asked)
    assert first["seed"] != other["seed"]
    again = generated(qolaba, seed=first["seed"], **asked)
    for number in range(2):
        assert distance(picture(first, number), picture(again, number)) == 0
    assert distance(picture(first), picture(other)) > 1


def redness(image):
    red, _, blue = ImageStat.Stat(image.convert("RGB")).mean
    return red - blue


@pytest.mark.statement("Q5", "Q23", "Q24", "Q25")
def test_pictures_at_addresses_lead_the_new_one(qolaba, generated):
    asked = {"prompt": "a blue lake under a blue sky", "seed": 1}
    with site() as web:
        red = web.serve("/red.png", an_image(color="#d01020", size=(256, 256)))
        green = web.serve("/green.png", an_image(color="#10a020", size=(256, 256)))
        plain = picture(generated(qolaba, **asked))
        by_source = picture(generated(qolaba, image_urls=[red], **asked))
        described = [{"url": red, "description": "the product"}, {"url": green}]
        by_reference = picture(generated(qolaba, reference_images=described, **asked))
        fourteen = [{"url": red}] * 14
        assert generated(qolaba, reference_images=fourteen, **asked)["images"]
        assert web.asked.count("/red.png") == 16
    assert redness(by_source) > redness(plain) + 10
    assert distance(by_reference, plain) > 5
    [_, job] = qolaba.native("/v1/jobs?limit=2")["jobs"]
    assert job["references"] == [{"url": red, "description": "the product"}, {"url": green}]


@pytest.mark.statement("Q26")
def test_only_the_white_part_of_the_mask_changes(qolaba, generated):
    mask = Image.new("RGB", (1280, 720), "black")
    mask.paste("white", (640, 0, 1280, 720))
    with site() as web:
        source = web.serve("/source.png", an_image(color="#305070", size=(1280, 720)))
        body = generated(
            qolaba,
            model="fal/flux-inpainting",
            prompt="a red balloon",
            image_urls=[source],
            mask_url=web.serve("/mask.png", png(mask)),
            aspect_ratio="16:9",
        )
    image = picture(body).convert("RGB")
    left, right = image.crop((0, 0, 640, 720)), image.crop((640, 0, 1280, 720))
    assert left.getcolors() == [(640 * 720, (0x30, 0x50, 0x70))]
    assert len(right.getcolors(1 << 20)) > 100


def png(image):
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.mark.statement("Q21", "Q23")
def test_a_background_is_taken_away_without_a_word(qolaba):
    scene = Image.new("RGB", (512, 512), "white")
    scene.paste("#c02030", (160, 160, 352, 352))
    with site() as web:
        source = web.serve("/product.png", png(scene))
        answer = qolaba.post(PATH, {"model": "fal/birefnet", "image_urls": [source]})
    assert answer.status_code == 200, answer.text
    opaque = picture(answer.json()).convert("RGBA").getchannel("A")
    assert opaque.getpixel((512, 512)) > 250
    assert opaque.getpixel((5, 5)) < 5


@pytest.mark.statement("Q36", "Q37", "Q38")
@pytest.mark.parametrize(
    ("model", "field", "told"),
    [
        ("fal/flux-dev", "num_inference_steps", "steps"),
        ("fal/flux-dev", "guidance_scale", "guidance"),
        ("vertex/nano-banana-flash", "temperature", "temperature"),
    ],
)
def test_each_setting_is_taken_to_its_ends_and_changes_the_image(
    qolaba, generated, model, field, told
):
    ends = {"steps": (1, 150), "guidance": (0, 30), "temperature": (0, 2)}[told]
    pictures = []
    for value in ends:
        body = generated(qolaba, model=model, seed=3, **{field: value})
        assert qolaba.native("/v1/jobs?limit=1")["jobs"][0][told] == value
        pictures.append(picture(body))
    assert distance(*pictures) > 0


@pytest.mark.statement("Q37")
def test_more_guidance_follows_the_prompt_more_closely(qolaba, generated):
    blueness = []
    for guidance in (1.5, 7.5, 25):
        body = generated(
            qolaba, model="fal/flux-dev", prompt="a blue valley", seed=1, guidance_scale=guidance
        )
        blueness.append(-redness(picture(body)))
    assert blueness == sorted(blueness)
    assert blueness[0] < blueness[-1]


@pytest.mark.statement("Q39")
def test_what_the_negative_prompt_names_is_left_out(qolaba, generated):
    asked = {"prompt": "a red barn, red poppies and red balloons at sunset", "seed": 2}
    plain, without = (
        picture(generated(qolaba, **body)) for body in (asked, asked | {"negative_prompt": "red"})
    )
    assert redness(without) < redness(plain)
