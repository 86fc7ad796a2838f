"""The images: their pixels, their files, their addresses."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from darkroom.aws.secrets import DerivedSecrets
from darkroom.clock_and_ids import SystemClock
from darkroom.domain.file_links import LIFE, LinkSigner
from tests.conformance.vendors import UUID, assert_is_image, fetched

GENERATE = "/api/v1/images/generate"
COMMON = {
    "square": (1024, 1024),
    "feed": (1280, 1600),
    "portrait": (1088, 1936),
    "landscape": (1536, 864),
}
SIZES = {
    "flux2-flex": COMMON,
    "ideogram-3": COMMON,
    "gpt-image-1.5": {
        "square": (1024, 1024),
        "portrait": (1024, 1536),
        "landscape": (1536, 1024),
    },
    "nano-banana-2": {
        "square": (1024, 1024),
        "feed": (896, 1152),
        "portrait": (768, 1344),
        "landscape": (1344, 768),
    },
}


@pytest.mark.statement("P29", "P50", "P101", "P102")
@pytest.mark.parametrize(
    ("model", "size"),
    [
        pytest.param(model, size, marks=pytest.mark.statement(*statements))
        for model, statements_of in {
            "flux2-flex": {
                "square": ("P30", "P39"),
                "feed": ("P30", "P40"),
                "portrait": ("P30", "P41"),
                "landscape": ("P30", "P42"),
            },
            "ideogram-3": {
                "square": ("P31", "P39"),
                "feed": ("P31", "P40"),
                "portrait": ("P31", "P41"),
                "landscape": ("P31", "P42"),
            },
            "gpt-image-1.5": {
                "square": ("P32", "P45"),
                "portrait": ("P32", "P43"),
                "landscape": ("P32", "P44"),
            },
            "nano-banana-2": {
                "square": ("P33", "P49"),
                "feed": ("P33", "P46"),
                "portrait": ("P33", "P47"),
                "landscape": ("P33", "P48"),
            },
        }.items()
        for size, statements in statements_of.items()
    ],
)
def test_each_model_makes_each_of_its_sizes_to_the_pixel(powerpost, made, model, size):
    seen = made(powerpost, prompt="a red boat", model=model, size=size)
    [image] = seen["images"]
    width, height = SIZES[model][size]
    assert (seen["size"], image["width"], image["height"]) == (size, width, height)
    assert_is_image(fetched(image["url"]).content, "WEBP", width, height)


@pytest.mark.statement("P18", "P20", "P22", "P24", "P39")
def test_what_is_left_out_is_one_square_image_of_flux2_flex_from_the_prompt_as_it_is(
    powerpost, made
):
    seen = made(powerpost, prompt="a red boat")
    told = powerpost.native(f"/v1/jobs/{seen['image_generation_id']}")
    assert (seen["size"], seen["quantity"], len(seen["images"])) == ("square", 1, 1)
    assert (told["width"], told["height"]) == (1024, 1024)
    assert told["model"] == "flux-2-flex"
    assert told["credits"]["charged"] == 5
    assert "prompt_used" not in told


@pytest.mark.statement("P11", "P24")
def test_an_enhanced_prompt_says_more_and_the_answer_keeps_the_one_that_was_sent(powerpost, made):
    seen = made(powerpost, prompt="a red boat", enhance_prompt=True, quantity=2)
    told = powerpost.native(f"/v1/jobs/{seen['image_generation_id']}")
    assert seen["prompt"] == told["prompt"] == "a red boat"
    used = told["prompt_used"]
    assert "red boat" in used["text"].lower()
    assert len(used["text"]) > len("a red boat")
    assert used["writer"]
    assert made(powerpost, prompt="a red boat", enhance_prompt=False)["status"] == "completed"


@pytest.mark.statement("P84", "P98", "P99", "P100", "P102", "P103", "P104", "P109")
def test_each_image_has_an_id_an_address_and_a_small_jpeg_beside_it(powerpost, made):
    images = made(powerpost, prompt="a red boat", quantity=3, size="landscape")["images"]
    assert len({image["media_id"] for image in images}) == 3
    assert len({fetched(image["url"]).content for image in images}) == 3
    for image in images:
        assert set(image) == {"media_id", "url", "thumbnail_url", "width", "height"}
        name = image["media_id"]
        assert re.fullmatch(UUID, name)
        url, thumbnail = urlsplit(image["url"]), urlsplit(image["thumbnail_url"])
        assert url.netloc == thumbnail.netloc == powerpost.host
        assert url.scheme == thumbnail.scheme == "http"
        folder, _, file = url.path.rpartition("/")
        assert file == f"{name}.webp"
        assert thumbnail.path == f"{folder}/{name}-thumb.jpg"
        whole, small = fetched(image["url"]), fetched(image["thumbnail_url"])
        assert whole.headers["content-type"] == "image/webp"
        assert small.headers["content-type"] == "image/jpeg"
        # 384 pixels on the longer side.
        assert_is_image(small.content, "JPEG", 384, 216)


@pytest.mark.statement("P105")
def test_an_address_opens_without_a_key_and_with_its_own_signature_only(powerpost, made):
    image, other = made(powerpost, prompt="a red boat", quantity=2)["images"]
    assert fetched(image["url"]).status_code == 200
    bare = image["url"].partition("?")[0]
    assert fetched(bare).status_code == 404
    query = urlsplit(image["url"]).query
    assert fetched(f"{other['url'].partition('?')[0]}?{query}").status_code == 404
    signature = parse_qs(query)["signature"][0]
    forged = image["url"].replace(signature, "x" * len(signature))
    assert fetched(forged).status_code == 404
    expires = parse_qs(query)["expires"][0]
    longer = image["url"].replace(f"expires={expires}", f"expires={int(expires) + 3600}")
    assert fetched(longer).status_code == 404


@pytest.mark.statement("P105", "P106")
def test_an_address_is_good_for_seven_days_and_not_after(powerpost, made):
    [image] = made(powerpost, prompt="a red boat")["images"]
    expires = int(parse_qs(urlsplit(image["url"]).query)["expires"][0])
    week = timedelta(days=7).total_seconds()
    # To the next full hour, so that two polls give the same address.
    assert -60 <= expires - time.time() - week <= 3600
    # The same address as it was given out in the past, signed with the deployment's own secret.
    secrets = powerpost.local.aws.client("secretsmanager")
    secret = powerpost.local.outputs["SigningSecretArn"]
    own = DerivedSecrets(secrets, secret, SystemClock())
    signer = LinkSigner({"1": own.derive("file-links/1", 1)})
    file = f"{image['media_id']}.webp"

    def opens(given_out):
        query = urlencode(signer.query(file, given_out))
        return fetched(f"http://{powerpost.host}/v1/files/{file}?{query}").status_code

    now = datetime.now(UTC)
    assert timedelta(days=7) == LIFE
    assert opens(now - timedelta(days=6, hours=23)) == 200
    assert opens(now - timedelta(days=7, hours=1)) == 404


@pytest.mark.statement("P98", "P107", "P108")
def test_the_media_id_of_an_image_is_taken_where_one_is_asked_for_and_its_address_is_not(
    powerpost, made, written
):
    [image] = made(powerpost, prompt="a red boat")["images"]
    again = made(powerpost, prompt="a lighthouse", style_images=[image["media_id"]])
    told = powerpost.native(f"/v1/jobs/{again['image_generation_id']}")
    assert told["references"] == [{"media": image["media_id"]}]
    assert written(powerpost, "New in the harbour", "x-post", media_ids=[image["media_id"]])
    by_url = powerpost.post(GENERATE, {"prompt": "a", "style_images": [image["url"]]})
    assert by_url.status_code == 404


def test_what_is_deleted_is_gone_from_its_address(powerpost, made):
    [image] = made(powerpost, prompt="a red boat")["images"]
    bearer = {"Authorization": f"Bearer {powerpost.key}"}
    deleted = powerpost.request(
        "DELETE", f"/v1/media/{image['media_id']}", base=f"http://{powerpost.host}", headers=bearer
    )
    assert deleted.status_code in {200, 204}
    assert fetched(image["url"]).status_code == 404
    assert fetched(image["thumbnail_url"]).status_code == 404


def test_images_that_another_dialect_made_have_the_addresses_of_their_own_files(powerpost):
    root = f"http://{powerpost.host}"
    bearer = {"Authorization": f"Bearer {powerpost.key}", "Prefer": "wait=20"}
    body = {"prompt": "a red boat", "width": 320, "height": 200, "output": {"format": "png"}}
    job = powerpost.post("/v1/jobs", body, base=root, headers=bearer).json()["id"]
    seen = powerpost.get(f"/api/v1/images/generations/{job}").json()
    [image] = seen["images"]
    assert (seen["size"], image["width"], image["height"]) == ("320x200", 320, 200)
    assert_is_image(fetched(image["url"]).content, "PNG", 320, 200)
