"""Problems: RFC 9457, and what some of them tell besides."""

from __future__ import annotations

from docs.openapi.shapes import TEXT, UUID, WHOLE, Schema, only, record, told

SCHEMAS: dict[str, Schema] = {
    "Problem": record(
        {
            "type": only("about:blank"),
            "title": TEXT,
            "status": told(WHOLE, "That of the answer."),
            "detail": told(TEXT, "For people."),
            "code": told(TEXT, "For programs: it stays as it is."),
            "request_id": TEXT,
        },
        {
            "field": told(
                TEXT, "400 and 413: which is wrong, in a list with its place: `events.0`."
            ),
            "required": told(WHOLE, "402: credits that it needs."),
            "available": told(WHOLE, "402: credits that there are."),
            "scope": told(TEXT, "403: what the key lacks."),
            "model": told(TEXT, "403: which the tier does not have."),
            "tier": told(TEXT, "403: which has it."),
            "state": told(TEXT, "409: that it is in."),
            "job": told(UUID, "503: the job that may have been created, or not."),
            "limit": told(WHOLE, "409, 413 and 429: what is the most."),
            "used": told(WHOLE, "409: bytes that are stored."),
        },
    )
}
