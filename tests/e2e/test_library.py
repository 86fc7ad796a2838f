"""The library as a client sees it: uploads, references, collections, captions, deletion."""

from __future__ import annotations

import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from PIL import Image

from tests.running import JOB_SECONDS, eventually

# Each stands for something that must never be looked at from inside.
HOSTILE = (
    "http://example.com/a.png",
    "https://example.com:8443/a.png",
    "https://user@example.com/a.png",
    "https://169.254.169.254/latest/meta-data",
    "https://[fd00:ec2::254]/latest",
    "https://10.0.0.1/a.png",
    "https://[::ffff:127.0.0.1]/a.png",
    "https://0x7f.1/a.png",
    "https://2130706433/a.png",
    "https://127.1/a.png",
    "file:///etc/passwd",
    "https:///a.png",
    "not an address",
)


def picture(kind="PNG", size=(320, 200), colour="teal"):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


@pytest.fixture
def web():
    """A web server of somebody else; `answers` are given in turn, the last for ever."""

    class Server(ThreadingHTTPServer):
        asked = 0

        @property
        def address(self):
            return f"http://127.0.0.1:{self.server_address[1]}/picture.png"

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked += 1
            answers = self.server.answers
            status, body = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with Server(("127.0.0.1", 0), Answer) as server:
        server.answers = [(200, picture())]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


def upload(local, body=None, name="teal.png"):
    return local.request("POST", "/v1/media", files={"file": (name, body or picture())})


def make(local, **asked):
    submitted = local.request("POST", "/v1/jobs", json={"prompt": "a red boat", **asked})
    assert submitted.status_code == httpx.codes.ACCEPTED, submitted.text
    return local.ended(submitted.json()["id"])


def shown(local, url):
    answer = local.download(url)
    assert answer.status_code == httpx.codes.OK
    return Image.open(io.BytesIO(answer.content))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_an_upload_is_stored_anew_with_a_thumbnail(local, kind):
    dirty = picture(kind) + b"<script>alert(1)</script>"
    media = upload(local, dirty)
    assert media.status_code == httpx.codes.CREATED, media.text
    told = media.json()
    assert (told["width"], told["height"], told["source"]) == (320, 200, "uploaded")
    kept = local.download(told["url"])
    assert kept.headers["content-type"] == told["content_type"]
    assert b"script" not in kept.content
    assert shown(local, told["thumbnail_url"]).size == (320, 200)


def test_what_is_no_image_is_refused_by_the_field_and_leaves_nothing(local):
    before = local.request("GET", "/v1/media").json()["media"]
    refused = upload(local, b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert refused.status_code == httpx.codes.BAD_REQUEST
    assert refused.json()["code"] == "file.unreadable"
    listed = local.request("GET", "/v1/media").json()["media"]
    assert [one for one in listed if one["status"] == "ready"] == [
        one for one in before if one["status"] == "ready"
    ]


def test_a_large_file_goes_by_a_form_to_an_address_of_its_own(local):
    large = picture("PNG", (64, 64)) + b"x" * 5_000_000
    asked = {"name": "large.png", "content_type": "image/png", "size": len(large)}
    begun = local.request("POST", "/v1/media/uploads", json=asked).json()
    form = begun["upload"]
    early = local.request("POST", begun["complete"])
    assert early.json()["code"] == "file.missing"
    sent = httpx.post(form["url"], data=form["fields"], files={"file": ("large.png", large)})
    assert sent.is_success, sent.text
    done = local.request("POST", begun["complete"])
    assert done.status_code == httpx.codes.CREATED, done.text
    assert shown(local, done.json()["url"]).size == (64, 64)
    assert done.json()["bytes"] < 10_000


def test_an_image_on_the_web_is_taken_in(local, web):
    media = local.request("POST", "/v1/media", json={"url": web.address, "name": "theirs"})
    assert media.status_code == httpx.codes.CREATED, media.text
    assert media.json()["name"] == "theirs"
    assert web.asked == 1


@pytest.mark.parametrize("url", HOSTILE)
def test_an_address_that_leads_inside_is_refused_at_once(local, url):
    for path, body in (
        ("/v1/media", {"url": url}),
        ("/v1/jobs", {"prompt": "x", "references": [{"url": url}]}),
        ("/v1/collections", {"name": "c", "images": [url]}),
    ):
        refused = local.request("POST", path, json=body)
        assert refused.status_code == httpx.codes.BAD_REQUEST, (path, refused.text)
        assert refused.json()["code"].endswith(".address")


def test_a_reference_is_followed_in_colour(local):
    name = upload(local, picture(colour=(200, 30, 30))).json()["id"]
    asked = {"seed": 5, "width": 256, "height": 256}
    plain = make(local, **asked)
    red = make(local, references=[{"media": name}], strength=1.0, **asked)
    assert redness(local, red) > redness(local, plain) + 40


def redness(local, job):
    red, green, _ = shown(local, job["images"][0]["url"]).resize((1, 1)).getpixel((0, 0))
    return red - green


def test_a_reference_that_cannot_be_had_fails_the_job_by_its_name_and_is_refunded(local, web):
    web.answers = [(404, b"")]
    job = make(local, references=[{"url": web.address}])
    assert job["status"] == "failed"
    assert job["images"][0]["error"]["code"] == "reference.status_404"
    assert web.address in job["images"][0]["error"]["message"]
    assert (job["credits"]["charged"], job["credits"]["refunded"]) == (0, 1)


def test_a_reference_that_does_not_exist_is_refused(local):
    unknown = {"references": [{"media": "01890000-0000-7000-8000-000000000000"}]}
    refused = local.request("POST", "/v1/jobs", json={"prompt": "x", **unknown})
    assert (refused.status_code, refused.json()["code"]) == (400, "references.media.not_found")


def test_every_finished_image_is_in_the_library_and_a_deleted_one_nowhere(local):
    job = make(local)
    [image] = job["images"]
    place = f"/v1/media/{image['id']}"
    media = local.request("GET", place).json()
    assert (media["job"], media["prompt"], media["url"]) == (job["id"], "a red boat", image["url"])
    assert shown(local, image["url"]).size == (1024, 1024)
    with local.client() as client:
        content = client.get(f"{place}/content")
        assert content.status_code == httpx.codes.OK
        part = client.get(f"{place}/content", headers={"Range": "bytes=0-9"})
        assert part.status_code == httpx.codes.FOUND
        assert (
            httpx.get(part.headers["location"], headers={"Range": "bytes=0-9"}).content
            == (content.content[:10])
        )
        assert client.delete(place).status_code == httpx.codes.NO_CONTENT
        assert client.delete(place).status_code == httpx.codes.NOT_FOUND
        assert client.get(place).status_code == httpx.codes.NOT_FOUND
        assert client.get(f"/v1/jobs/{job['id']}").json()["images"][0]["deleted"]
    for url in (image["url"], image["thumbnail_url"]):
        assert httpx.get(url).status_code == httpx.codes.NOT_FOUND
    assert httpx.get(part.headers["location"]).status_code == httpx.codes.NOT_FOUND


def test_the_library_is_read_page_by_page(local):
    for _ in range(3):
        upload(local)
    first = local.request("GET", "/v1/media", params={"limit": 2}).json()
    second = local.request("GET", "/v1/media", params={"limit": 2, "cursor": first["cursor"]})
    names = [media["id"] for media in first["media"] + second.json()["media"]]
    assert names == sorted(names, reverse=True)
    assert len(set(names)) == len(names) >= 3


def test_a_collection_grows_by_what_is_made_for_it_and_leads_it(local):
    first = upload(local, picture(colour=(20, 160, 30))).json()["id"]
    made = local.request(
        "POST",
        "/v1/collections",
        json={"name": "Ava", "attributes": {"style": "3d"}, "images": [first]},
    ).json()
    job = make(local, collection=made["id"], n=2)
    assert job["references"] == [{"media": first}]
    seen = local.request("GET", f"/v1/collections/{made['id']}").json()
    assert [one["media"] for one in seen["images"]] == [
        first,
        *(image["id"] for image in job["images"]),
    ]
    changed = local.request("PATCH", f"/v1/collections/{made['id']}", json={"images": []})
    assert (changed.json()["images"], changed.json()["attributes"]) == ([], {"style": "3d"})


def test_captions_become_images_of_what_they_say(local):
    asked = {"prompt": "fresh bread from our oven", "post_types": ["x-post", "linkedin-post"]}
    written = local.request("POST", "/v1/captions", json=asked).json()
    place = f"/v1/captions/{written['id']}"

    def ready():
        seen = local.request("GET", place).json()
        return seen if seen["status"] == "completed" else None

    captions = eventually(ready, JOB_SECONDS, "the captions")
    assert captions["captions"].keys() == {"x-post", "linkedin-post"}
    assert all(one["writer"] == "darkroom-house-writer" for one in captions["captions"].values())
    assert len(captions["captions"]["x-post"]["text"]) <= 280
    assert captions["credits"]["charged"] == 10
    job = make(local, prompt="on a blue table", caption={"id": written["id"]})
    assert "bread" in job["prompt"]
    assert job["prompt"].endswith("on a blue table")
    listed = local.request("GET", "/v1/captions").json()["captions"]
    assert written["id"] in {one["id"] for one in listed}


def test_an_enhanced_prompt_is_told_with_its_writer(local):
    job = make(local, enhance_prompt=True)
    used = job["prompt_used"]
    assert used["text"].startswith("a red boat")
    assert len(used["text"]) > len("a red boat")
    assert used["writer"] == "darkroom-house-writer"
    assert job["prompt"] == "a red boat"


def test_a_model_without_a_provider_here_is_painted_and_says_so(local):
    job = make(local, model="flux-2-pro")
    assert job["images"][0]["provider"] == "painter"
    answer = local.request("GET", f"/v1/jobs/{job['id']}")
    assert answer.headers["x-darkroom-stand-in"] == "painter"


def test_a_mask_changes_only_what_is_white(local):
    ground = upload(local, picture(size=(256, 256), colour=(250, 250, 0))).json()["id"]
    mask = Image.new("L", (256, 256), 0)
    mask.paste(255, (128, 0, 256, 256))
    file = io.BytesIO()
    mask.save(file, "PNG")
    half = upload(local, file.getvalue()).json()["id"]
    job = make(
        local,
        references=[{"media": ground}],
        mask={"media": half},
        width=256,
        height=256,
        output={"format": "png"},
    )
    made = shown(local, job["images"][0]["url"]).convert("RGB")
    assert set(made.crop((0, 0, 120, 256)).get_flattened_data()) == {(250, 250, 0)}
    assert len(set(made.crop((140, 0, 256, 256)).get_flattened_data())) > 10
