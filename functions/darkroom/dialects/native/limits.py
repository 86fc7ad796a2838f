"""The IETF's RateLimit header fields (draft-ietf-httpapi-ratelimit-headers)."""

from __future__ import annotations

from darkroom.domain.operations import Standing

_WINDOW = 60


def rate_limit_headers(standing: Standing) -> dict[str, str]:
    return {
        "ratelimit-policy": f'"requests";q={standing.limit};w={_WINDOW}',
        "ratelimit": f'"requests";r={standing.remaining};t={standing.resets_in}',
    }
