"""Darkroom's own shape: JSON under /v1, problems as RFC 9457."""

from __future__ import annotations

from darkroom.dialects.native import answers, queries
from darkroom.dialects.native.problems import refuse
from darkroom.dialects.wire import Dialect, Route, bearer
from darkroom.domain.api_key import GENERATE, READ

DIALECT = Dialect(
    name="native",
    routes=(
        Route(
            method="POST",
            path="/v1/jobs",
            scope=GENERATE,
            read=queries.submit_job,
            write=answers.submitted,
        ),
        Route(
            method="POST",
            path="/v1/jobs/{id}/cancel",
            scope=GENERATE,
            read=queries.cancel_job,
            write=answers.job,
        ),
        Route(
            method="GET", path="/v1/jobs", scope=READ, read=queries.list_jobs, write=answers.page
        ),
        Route(
            method="GET", path="/v1/jobs/{id}", scope=READ, read=queries.read_job, write=answers.job
        ),
        Route(
            method="GET",
            path="/v1/models",
            scope=READ,
            read=queries.list_models,
            write=answers.models,
        ),
        Route(
            method="GET",
            path="/v1/models/{name}",
            scope=READ,
            read=queries.read_model,
            write=answers.model,
        ),
        Route(
            method="GET",
            path="/v1/files/{name}",
            scope=None,
            read=queries.open_file,
            write=answers.file,
        ),
        Route(
            method="GET",
            path="/v1/health",
            scope=None,
            read=queries.check_health,
            write=answers.healthy,
        ),
    ),
    credential=bearer,
    refuse=refuse,
)
