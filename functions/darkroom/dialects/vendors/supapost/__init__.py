"""Supapost (https://developers.supapost.so): images, jobs, assets, influencers and models."""

from __future__ import annotations

from typing import TypedDict

from darkroom.dialects.dialect import Dialect
from darkroom.dialects.fields import AlwaysFalse
from darkroom.dialects.headers import bearer
from darkroom.dialects.refusals import Errors, Refusal, x_rate_limits
from darkroom.dialects.vendors.supapost import images, influencers, library


class Error(TypedDict):
    success: AlwaysFalse
    message: str


def error(refusal: Refusal) -> Error:
    return {"success": False, "message": refusal.text}


API = Dialect(
    name="supapost",
    title="Darkroom, as Supapost",
    description="Supapost's API, answered by Darkroom: images, jobs, assets, influencers, models.",
    credential=bearer,
    errors=Errors(nouns={"collection": "influencer"}),
    error=error,
    limits=x_rate_limits,
    sections=(images.ROUTES, library.ASSETS, influencers.ROUTES, library.MODELS),
)
