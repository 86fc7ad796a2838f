"""What each dialect is asked first: jobs that come to their end, and something of each kind.

What is kept here (`job`, `media`, …) is what the requests made from the description name.
"""

from __future__ import annotations

from typing import Any

from tests.recordings.replay import Exchange

SMALL = {"width": 64, "height": 64, "seed": 7}
WORK: Exchange = {"name": "the worker works", "do": "work"}
DELIVER: Exchange = {"name": "events are delivered", "do": "deliver"}
# From here on no worker makes the images of requests.
STOP: Exchange = {"name": "the worker stops", "do": "stop_working"}


def _ask(name: str, line: str, body: Any = None, **more: Any) -> Exchange:
    method, path = line.split(" ")
    sent = {"method": method, "path": path}
    if body is not None:
        sent["body"] = body
    for part in ("headers", "query", "form"):
        if part in more:
            sent[part] = more.pop(part)
    return {"name": f"first: {name}", "send": sent, **more}


def _native() -> list[Exchange]:
    prompt = {"prompt": "a pier at dawn"}
    return [
        _ask("the account", "GET /v1/account"),
        _ask(
            "a webhook",
            "POST /v1/webhooks",
            {"url": "${site}/hook"},
            keep={"webhook": "/id"},
        ),
        _ask(
            "a webhook of some events",
            "POST /v1/webhooks",
            {"url": "${site}/hook", "events": ["job.completed", "webhook.test"]},
            keep={"webhook": "/id"},
        ),
        _ask("a job", "POST /v1/jobs", {**prompt, **SMALL, "n": 2}, keep={"job": "/id"}),
        _ask("the job before it is made", "GET /v1/jobs/${job}"),
        WORK,
        _ask(
            "the job when it is made",
            "GET /v1/jobs/${job}",
            keep={
                "media": "/images/0/id",
                "file": "/images/0/url",
                "thumb": "/images/0/thumbnail_url",
            },
        ),
        *(
            _ask(
                f"the {name} by its address",
                f"GET ${{{name}_path}}",
                query={one: f"${{{name}_{one}}}" for one in ("expires", "kid", "signature")},
                key="none",
            )
            for name in ("file", "thumb")
        ),
        _ask(
            "a part of the file by its address",
            "GET ${file_path}",
            query={one: f"${{file_{one}}}" for one in ("expires", "kid", "signature")},
            headers={"range": "bytes=0-9"},
            key="none",
        ),
        _ask(
            "a job with everything",
            "POST /v1/jobs",
            {
                **prompt,
                **SMALL,
                "metadata": {"order": "42"},
                "output": {"format": "png"},
                "references": [{"media": "${media}", "role": "style"}],
                "webhook": {"url": "${site}/own"},
                "negative_prompt": "fog",
            },
        ),
        _ask(
            "a job that is waited for",
            "POST /v1/jobs",
            {**prompt, **SMALL},
            headers={"prefer": "wait=10"},
        ),
        _ask("a price", "POST /v1/jobs", {**prompt, **SMALL, "dry_run": True}),
        _ask(
            "a job of another model",
            "POST /v1/jobs",
            {**prompt, "model": "flux-schnell"},
            headers={"prefer": "wait=10"},
        ),
        _ask("a job to cancel", "POST /v1/jobs", {**prompt, "n": 3}, keep={"canceled": "/id"}),
        _ask("the job is canceled", "POST /v1/jobs/${canceled}/cancel"),
        _ask("it stays canceled", "GET /v1/jobs/${canceled}"),
        _ask("a finished job is canceled", "POST /v1/jobs/${job}/cancel"),
        _ask(
            "captions",
            "POST /v1/captions",
            {**prompt, "media": ["${media}"], "post_types": ["instagram-feed", "x-post"]},
            keep={"caption": "/id"},
        ),
        WORK,
        _ask("the captions when they are written", "GET /v1/captions/${caption}"),
        _ask("media by a form", "POST /v1/media", form={"file": "<picture>"}),
        _ask(
            "media from an address",
            "POST /v1/media",
            {"url": "${site}/pier.png"},
            keep={"far": "/id"},
        ),
        _ask(
            "media from an address that has none",
            "POST /v1/media",
            {"url": "${site}/missing.png"},
        ),
        WORK,
        _ask("media that was fetched", "GET /v1/media/${far}"),
        _ask(
            "an upload",
            "POST /v1/media/uploads",
            {"name": "pier.png", "content_type": "image/png", "size": 300},
            keep={"upload": "/id"},
        ),
        _ask("an upload is complete too early", "POST /v1/media/${upload}/complete"),
        {"name": "the client uploads", "do": "upload", "media": "upload"},
        _ask("the upload is complete", "POST /v1/media/${upload}/complete"),
        WORK,
        _ask("media that was uploaded", "GET /v1/media/${upload}"),
        _ask(
            "a collection",
            "POST /v1/collections",
            {"name": "Piers", "images": ["${media}"]},
            keep={"collection": "/id"},
        ),
        _ask(
            "a job that fills a collection",
            "POST /v1/jobs",
            {**prompt, **SMALL, "collection": "${collection}"},
            headers={"prefer": "wait=10"},
        ),
        _ask("the collection that was filled", "GET /v1/collections/${collection}"),
        _ask(
            "a webhook is tested", "POST /v1/webhooks/${webhook}/test", {}, keep={"delivery": "/id"}
        ),
        DELIVER,
        _ask("what was delivered", "GET /v1/webhooks/${webhook}/deliveries"),
        _ask("one delivery", "GET /v1/webhooks/${webhook}/deliveries/${delivery}"),
        _ask("one model", "GET /v1/models/flux-schnell"),
        _ask("one schema", "GET /v1/events/schemas/job.completed/1"),
        _ask("all jobs", "GET /v1/jobs", query={"limit": "2"}, keep={"next": "/cursor"}),
        _ask("the next jobs", "GET /v1/jobs", query={"limit": "2", "cursor": "${next}"}),
        _ask("all media", "GET /v1/media", query={"limit": "2"}),
        STOP,
    ]


def _supapost() -> list[Exchange]:
    generate = "POST /supapost/generate/image"
    prompt = {"prompt": "a pier at dawn"}
    return [
        _ask("a job", generate, {**prompt, "aspectRatio": "1:1"}, keep={"job": "/jobId"}),
        _ask("the job before it is made", "GET /supapost/jobs/${job}"),
        WORK,
        _ask("the job when it is made", "GET /supapost/jobs/${job}"),
        _ask("assets", "GET /supapost/assets"),
        _ask(
            "an upload in our own words",
            "POST /v1/media",
            form={"file": "<picture>"},
            keep={"media": "/id"},
        ),
        _ask(
            "an influencer",
            "POST /supapost/influencers",
            {"name": "Ada", "description": "a painter", "images": ["${media}"]},
            keep={"collection": "/id"},
        ),
        _ask("a job of the influencer", generate, {**prompt, "influencerId": "${collection}"}),
        WORK,
        _ask("all jobs", "GET /supapost/jobs"),
        STOP,
    ]


def _powerpost() -> list[Exchange]:
    headers = {"x-workspace-id": "${workspace}"}
    prompt = {"prompt": "a pier at dawn"}
    base = "/powerpost/api/v1"
    return [
        _ask(
            "images",
            f"POST {base}/images/generate",
            prompt,
            headers={**headers, "prefer": "wait=0"},
            keep={"job": "/image_generation_id"},
        ),
        _ask(
            "images before they are made",
            f"GET {base}/images/generations/${{job}}",
            headers=headers,
        ),
        WORK,
        _ask(
            "images when they are made", f"GET {base}/images/generations/${{job}}", headers=headers
        ),
        _ask(
            "a file",
            f"POST {base}/media/upload",
            form={"file": "<picture>", "type": "image"},
            headers=headers,
        ),
        _ask("media in our own words", "GET /v1/media", keep={"media": "/media/0/id"}),
        _ask(
            "content",
            f"POST {base}/content/generate",
            {**prompt, "post_types": ["x-post"], "media_ids": ["${media}"]},
            headers={**headers, "prefer": "wait=0"},
            keep={"caption": "/generation_id"},
        ),
        WORK,
        _ask(
            "content when it is written",
            f"GET {base}/content/generations/${{caption}}",
            headers=headers,
        ),
        _ask("images that are waited for", f"POST {base}/images/generate", prompt, headers=headers),
        _ask("credits", f"GET {base}/account/credits", headers=headers),
        STOP,
    ]


def _dalnulla() -> list[Exchange]:
    generate = "POST /dalnulla/api/v1/generate-image"
    return [
        _ask(
            "an image",
            generate,
            {"prompt": "a pier at dawn", "aspectRatio": "1:1"},
            keep={"path": "/filePath"},
        ),
        _ask("its file", "GET /dalnulla/api/v1/files/${path}"),
        _ask("two images", generate, {"prompt": "a pier at dawn", "count": 2}),
        STOP,
    ]


def _posteverywhere() -> list[Exchange]:
    base = "/posteverywhere"
    small = {"filename": "pier.png", "content_type": "image/png", "size": 300}
    return [
        _ask("an image", f"POST {base}/ai/generate-image", {"prompt": "a pier at dawn"}),
        _ask("media", f"GET {base}/media", keep={"media": "/data/media/0/media_id"}),
        _ask("an upload", f"POST {base}/media/upload", small, keep={"upload": "/data/media_id"}),
        {"name": "the client uploads", "do": "upload", "media": "upload"},
        _ask("the upload is complete", f"POST {base}/media/${{upload}}/complete"),
        WORK,
        _ask("from an address", f"POST {base}/media/upload-from-url", {"url": "${site}/pier.png"}),
        _ask("all media", f"GET {base}/media"),
        STOP,
    ]


def _qolaba() -> list[Exchange]:
    generate = "POST /qolaba/api/v1/images/generate"
    flash = {"model": "vertex/nano-banana-flash", "prompt": "a pier at dawn"}
    return [
        _ask("an image", generate, flash),
        _ask("a task", generate, {**flash, "celery": True}, keep={"task": "/task_id"}),
        _ask("the task before it is done", "GET /qolaba/api/v1/tasks/${task}"),
        WORK,
        _ask("the task when it is done", "GET /qolaba/api/v1/tasks/${task}"),
        STOP,
    ]


OF_DIALECTS = {
    "native": _native,
    "supapost": _supapost,
    "powerpost": _powerpost,
    "dalnulla": _dalnulla,
    "posteverywhere": _posteverywhere,
    "qolaba": _qolaba,
}
