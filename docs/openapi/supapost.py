"""Supapost's API."""

from __future__ import annotations

from darkroom.dialects import supapost
from darkroom.domain.job import JobStatus
from darkroom.domain.operations import GalleryPage, JobPage, MediaPage, Models
from docs.openapi.bodies import documented
from docs.openapi.described import Answer, Described, Description, Parameter, Sent
from docs.openapi.headers import IDEMPOTENCY_KEY, PREFER
from docs.openapi.refusals import (
    FULL,
    MALFORMED,
    OF_A_SUBMIT,
    OUT_OF_RANGE,
    TOO_LARGE,
    UNREADY,
    missing,
    unknown,
)
from docs.openapi.samples import MEDIA_ID, PICTURE_URL, every_job, job, made_as, submitted
from docs.openapi.shapes import (
    TEXT,
    TRUE,
    UUID,
    many,
    only,
    record,
    ref,
    words,
)
from docs.openapi.shelf import DELETED, EMPTY_GALLERY, EVERY_MEDIA, GALLERY
from docs.openapi.supapost_shapes import GENERATE, MODEL, SCHEMAS, listed

_PAGE = tuple(
    Parameter(name=name, where="query", schema=UUID, text=text)
    for name, text in (
        ("starting_after", "The last id of the page before."),
        ("ending_before", "The first id of the page after; not with the other."),
    )
)
_PAGED = (
    Parameter(
        name="limit",
        where="query",
        schema={"type": "integer", "minimum": 1, "maximum": 100, "default": 15},
    ),
    *_PAGE,
)
_INFLUENCER = Answer(
    text="The influencer.", schema=ref("Influencer"), outcomes=(GALLERY, EMPTY_GALLERY)
)
_JOBS = made_as("jpeg", 1280, 720, *every_job(1))
_READY = tuple(one for one in EVERY_MEDIA if one.format)

OPERATIONS = {
    "POST /generate/image": Described(
        name="generateImage",
        summary="Ask for an image",
        tag="images",
        takes=(IDEMPOTENCY_KEY, PREFER),
        sends=(Sent(schema=GENERATE, example={"prompt": "a pier at dawn", "aspectRatio": "16:9"}),),
        answers={
            202: Answer(
                text="Poll the job.",
                schema=record({"jobId": UUID, "status": only("pending")}),
                outcomes=tuple(map(submitted, _JOBS)),
            )
        },
        raises=(*OF_A_SUBMIT, FULL, unknown("influencerId"), UNREADY),
    ),
    "GET /jobs": Described(
        name="listJobs",
        summary="The newest 50 jobs",
        tag="images",
        takes=(
            Parameter(
                name="status",
                where="query",
                schema=words("pending", "processing", "completed", "failed"),
            ),
            Parameter(name="type", where="query", schema=TEXT, example="image_gen"),
        ),
        answers={
            200: Answer(
                text="A bare array.",
                schema=many(ref("Job"), maxItems=50),
                outcomes=(JobPage(jobs=_JOBS[:1], cursor=None), JobPage(jobs=_JOBS, cursor=None)),
            )
        },
        raises=(OUT_OF_RANGE,),
    ),
    "GET /jobs/{id}": Described(
        name="readJob",
        summary="One job",
        tag="images",
        answers={
            200: Answer(
                text="The job as it is now.",
                schema=ref("Job"),
                outcomes=(*_JOBS, job(JobStatus.PARTIAL)),
            )
        },
        raises=(missing("job"),),
    ),
    "GET /assets": Described(
        name="listAssets",
        summary="The library, newest first",
        tag="assets",
        takes=_PAGED,
        answers={
            200: Answer(
                text="A page of it.",
                schema=listed("Asset", "/assets"),
                outcomes=(
                    MediaPage(media=_READY, has_more=True),
                    MediaPage(media=(), has_more=False),
                ),
            )
        },
        raises=(OUT_OF_RANGE,),
    ),
    "POST /influencers": Described(
        name="createInfluencer",
        summary="A new influencer",
        tag="influencers",
        sends=(
            Sent(
                schema=documented(supapost.Influencer, {"model": MODEL}),
                example={
                    "name": "Mara",
                    "description": "A sailor in her forties",
                    "images": [MEDIA_ID, PICTURE_URL],
                    "traits": {"hair": "grey"},
                },
            ),
        ),
        answers={200: _INFLUENCER},
        raises=(MALFORMED, TOO_LARGE, unknown("images.0")),
    ),
    "GET /influencers": Described(
        name="listInfluencers",
        summary="All of them, newest first",
        tag="influencers",
        takes=_PAGED,
        answers={
            200: Answer(
                text="A page of them.",
                schema=listed("Influencer", "/influencers"),
                outcomes=(GalleryPage(galleries=(GALLERY,), has_more=False),),
            )
        },
        raises=(OUT_OF_RANGE,),
    ),
    "GET /influencers/{id}": Described(
        name="readInfluencer",
        summary="One, with its images",
        tag="influencers",
        answers={200: _INFLUENCER},
        raises=(missing("influencer"),),
    ),
    "PATCH /influencers/{id}": Described(
        name="changeInfluencer",
        summary="Change what is given",
        tag="influencers",
        sends=(
            Sent(
                schema=documented(supapost.InfluencerChange, {"model": MODEL}),
                example={"style": "watercolour"},
            ),
        ),
        answers={200: _INFLUENCER},
        raises=(MALFORMED, TOO_LARGE, unknown("images.0"), missing("influencer")),
    ),
    "DELETE /influencers/{id}": Described(
        name="deleteInfluencer",
        summary="Delete one; its images stay",
        tag="influencers",
        answers={
            200: Answer(text="It is gone.", schema=record({"success": TRUE}), outcomes=(DELETED,))
        },
        raises=(missing("influencer"),),
    ),
    "GET /models": Described(
        name="listModels",
        summary="The values of model",
        tag="models",
        answers={
            200: Answer(
                text="The models, with the credits of an image.",
                schema=listed("Model", "/models"),
                outcomes=(Models(models=()),),
            )
        },
    ),
}

DESCRIPTION = Description(
    title="Darkroom, as Supapost",
    text="Supapost's API, answered by Darkroom: images, jobs, assets, influencers and models.",
    operations=OPERATIONS,
    error="Error",
    schemas=SCHEMAS,
)
