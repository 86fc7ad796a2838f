"""Problems, by status: RFC 9457, and what each tells besides."""

from __future__ import annotations

from docs.openapi.shapes import TEXT, WHOLE, Schema, only, record, told


def _problem(status: int, optional: dict[str, Schema] | None = None) -> Schema:
    return record(
        {
            "type": only("about:blank"),
            "title": TEXT,
            "status": only(status),
            "detail": told(TEXT, "For people."),
            "code": told(TEXT, "For programs: it stays as it is."),
            "request_id": TEXT,
        },
        optional,
    )


ERRORS = {
    400: _problem(400, {"field": TEXT}),
    401: _problem(401),
    402: _problem(402, {"required": WHOLE, "available": WHOLE}),
    403: _problem(403, {"scope": TEXT, "model": TEXT, "tier": TEXT}),
    404: _problem(404),
    409: _problem(409, {"state": TEXT}),
    413: _problem(413, {"field": TEXT, "limit": WHOLE}),
    422: _problem(422),
    429: _problem(429, {"limit": WHOLE}),
    500: _problem(500),
    503: _problem(503),
}
