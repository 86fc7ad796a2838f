"""The page's examples: each request by the real curl, by fetch in Node, and by Python's requests.

Only host, key, workspace and ids are others. The requests are written down as facts, and each
client sends them in the way of the page.
"""

from __future__ import annotations

import json
import subprocess

import pytest
import requests

from infra.node import use_packaged_node
from tests.conformance.vendors import curl

GENERATE = "/api/v1/images/generate"
# What stands on the page where these are a user's own.
MEDIA, CAPTIONS = "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "550e8400-e29b-41d4-a716-446655440000"
EXAMPLES = {
    "text": {
        "prompt": "Minimalist workspace with laptop and coffee, warm morning light",
        "size": "square",
        "quantity": 2,
    },
    "reference": {
        "prompt": "Product photo of headphones on marble surface",
        "size": "feed",
        "style_images": [MEDIA],
    },
    "captions": {"generation_id": CAPTIONS, "size": "portrait", "quantity": 3},
    "captions-and-prompt": {
        "generation_id": CAPTIONS,
        "prompt": "Use dark background with neon accents",
        "source_post_type": "instagram-feed",
        "size": "feed",
    },
}
PIXELS = {"square": (1024, 1024), "feed": (1280, 1600), "portrait": (1088, 1936)}


def by_curl(url, headers, body=None):
    lines = [part for header in headers.items() for part in ("-H", ": ".join(header))]
    if body is None:
        return curl(url, *lines)
    return curl("-X", "POST", url, *lines, "-d", json.dumps(body, indent=2))


def by_fetch(url, headers, body=None):
    options = {"headers": headers}
    given = json.dumps(options)
    if body is not None:
        given = (
            f"{{ method: 'POST', headers: {json.dumps(headers)}, "
            f"body: JSON.stringify({json.dumps(body)}) }}"
        )
    program = (
        f"const res = await fetch({json.dumps(url)}, {given})\n"
        "const data = await res.json()\n"
        "console.log(JSON.stringify([res.status, data]))\n"
    )
    chosen = {"JSII_NODE": "node"}
    use_packaged_node(chosen)
    done = subprocess.run(
        [chosen["JSII_NODE"], "--input-type=module", "-"],
        input=program,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return tuple(json.loads(done.stdout))


def by_requests(url, headers, body=None):
    if body is None:
        res = requests.get(url, headers=headers, timeout=60)
    else:
        res = requests.post(url, headers=headers, json=body, timeout=60)
    data = res.json()
    return res.status_code, data


@pytest.fixture(scope="module")
def own_ids(powerpost, uploaded, written):
    captions = written(powerpost, "Our new headphones", "instagram-feed", "x-post")
    return {MEDIA: uploaded(powerpost), CAPTIONS: captions["generation_id"]}


@pytest.mark.statement(
    "P1", "P2", "P3", "P4", "P5", "P6", "P8", "P9", "P10", "P59", "P65", "P69", "P81", "P84"
)
@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("send", [by_curl, by_fetch, by_requests])
def test_the_example_is_accepted_and_its_images_can_be_polled_for(
    powerpost, own_ids, finished, send, example
):
    text = json.dumps(EXAMPLES[example])
    for shown, own in own_ids.items():
        text = text.replace(shown, own)
    body = json.loads(text)
    who = {"x-api-key": powerpost.key, "X-Workspace-Id": powerpost.workspace}
    url = f"{powerpost.base}{GENERATE}"
    status, data = send(url, {**who, "Content-Type": "application/json"}, body)
    assert status == 200, data
    assert data["status"] == "processing"
    finished(powerpost, data["status_url"])
    status, seen = send(f"{powerpost.base}{data['status_url']}", who)
    assert (status, seen["status"]) == (200, "completed")
    assert seen["image_generation_id"] == data["image_generation_id"]
    assert len(seen["images"]) == seen["quantity"] == body.get("quantity", 1)
    pixels = [(image["width"], image["height"]) for image in seen["images"]]
    assert set(pixels) == {PIXELS[body["size"]]}
