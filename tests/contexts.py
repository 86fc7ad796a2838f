"""What dialects look at, for tests that need no running system."""

from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.dialects.context import RequestContext
from darkroom.dialects.reading_bodies import read_body
from darkroom.dialects.wire import Request
from darkroom.domain.operations import Caller
from darkroom.domain.web_addresses import WebPolicy
from tests.builders import NOW


def request(path="/v1/jobs", host="darkroom.test", method="GET", **more):
    given = {"request_id": "r1", "client": "192.0.2.1", "at": NOW, "scheme": "https"}
    return Request(method=method, path=path, host=host, **{**given, **more})


def context_of(dialect="native", *, seed=99, caller=None, **more):
    return RequestContext(
        dialect=dialect,
        request=request(**more),
        catalogue=whole_catalogue(),
        caller=caller,
        web=WebPolicy(),
        fresh_seed=seed,
        file_url=str,
    )


def caller_of(workspace):
    return Caller(workspace=workspace, scopes=frozenset(), key="k")


def read_with(read, kind, body, context):
    """As a route reads a body."""
    sent, context.fingerprint = read_body(kind, body)
    return read(sent, context)
