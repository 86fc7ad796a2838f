"""Every operation, tried on what belongs to somebody else: it answers as if there were nothing."""

import pytest

from darkroom.bootstrap.admin import office
from darkroom.dialects.registry import MOUNTED, NATIVE
from darkroom.domain.api_key import SCOPES
from darkroom.settings import AdminSettings
from darkroom.usecases.open_workspace import Limits

UNKNOWN = "01890000-0000-7000-8000-000000000000"
DIALECTS = (NATIVE, *MOUNTED.values())
# Routes that name a thing of a workspace. What a route names otherwise is nobody's own.
OF_NOBODY = {"/v1/models/{name}", "/v1/files/{name}"}
NAMING = [
    (dialect.name, route.method, route.path)
    for dialect in DIALECTS
    for route in dialect.routes
    if "{" in route.path and route.path not in OF_NOBODY
]


@pytest.fixture(scope="module")
def rivals(shared_system):
    """Acme with a finished and a waiting job, and the key of a rival."""
    finished = shared_system.submit(width=64, height=64).json["id"]
    shared_system.work()
    waiting = shared_system.submit(width=64, height=64).json["id"]
    desk = office(AdminSettings.from_environment())
    desk.open_workspace("rival", 10, Limits(), "free")
    return [finished, waiting], desk.key_ring.cut("rival", scopes=SCOPES)[0]


@pytest.mark.parametrize(("dialect", "method", "path"), NAMING)
def test_what_is_somebody_elses_is_not_there(shared_system, rivals, dialect, method, path):
    jobs, rival = rivals
    assert dialect == "native"
    nothing = shared_system.http(method, path.replace("{id}", UNKNOWN), key=rival)
    assert nothing.status == 404
    for job in jobs:
        before = shared_system.http("GET", f"/v1/jobs/{job}").text
        theirs = shared_system.http(method, path.replace("{id}", job), key=rival)
        assert (theirs.status, theirs.text) == (404, nothing.text)
        assert shared_system.http("GET", f"/v1/jobs/{job}").text == before


def test_lists_hold_ones_own_only(shared_system, rivals):
    jobs, rival = rivals
    assert shared_system.http("GET", "/v1/jobs", key=rival).json["jobs"] == []
    mine = {job["id"] for job in shared_system.http("GET", "/v1/jobs").json["jobs"]}
    assert set(jobs) <= mine
    cursor = {"cursor": max(jobs)}
    assert shared_system.http("GET", "/v1/jobs", key=rival, query=cursor).json["jobs"] == []


def test_an_idempotency_key_is_each_workspaces_own(shared_system, rivals):
    _, rival = rivals
    headers = {"idempotency-key": "shared-by-chance"}
    body = {"prompt": "x", "width": 64, "height": 64}
    ours = shared_system.http("POST", "/v1/jobs", body, headers=headers)
    theirs = shared_system.http("POST", "/v1/jobs", body, headers=headers, key=rival)
    assert ours.status == theirs.status == 202
    assert ours.json["id"] != theirs.json["id"]
