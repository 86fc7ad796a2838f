"""Every operation, tried on what belongs to somebody else: it answers as if there were nothing."""

from uuid import UUID

import pytest

from darkroom.bootstrap.admin import AdminServices
from darkroom.dialects.registry import MOUNTED, NATIVE, dialect
from darkroom.dialects.vendors.qolaba import answers as qolaba
from darkroom.domain.api_key import SCOPES
from darkroom.settings import AdminSettings
from darkroom.usecases.create_workspace import Limits

UNKNOWN = "01890000-0000-7000-8000-000000000000"
DIALECTS = (NATIVE, *map(dialect, MOUNTED))
# Routes that name a thing of a workspace. What a route names otherwise is nobody's own.
OF_NOBODY = {"/v1/models/{name}", "/v1/files/{name}", "/v1/events/schemas/{name}/{version}"}
NAMING = [
    (dialect.name, route.method, route.path)
    for dialect in DIALECTS
    for route in dialect.routes
    if "{" in route.path and route.path not in OF_NOBODY
]


# Dialects whose ids look otherwise, or that ask for more than a key.
WRITTEN = {"qolaba": lambda name: qolaba.task_id(UUID(name)), "native": str}
MORE = {"powerpost": {"x-workspace-id": "rival"}}
BODIES = {
    "/v1/collections/{id}": {"name": "mine now"},
    "/influencers/{id}": {"name": "mine now"},
    "/v1/webhooks/{id}": {"description": "mine now"},
}


@pytest.fixture(scope="module")
def rivals(shared_system):
    """Acme with one of everything that has an id, and the key of a rival."""
    system = shared_system
    finished = system.submit(width=64, height=64).json["id"]
    written = system.http("POST", "/v1/captions", {"prompt": "x", "post_types": ["x-post"]})
    system.work()
    waiting = system.submit(width=64, height=64).json["id"]
    media = system.http("GET", "/v1/media").json["media"][0]["id"]
    collection = system.http("POST", "/v1/collections", {"name": "ours"}).json["id"]
    hook = system.http("POST", "/v1/webhooks", {"url": "https://a.example"}).json["id"]
    delivery = system.http("POST", f"/v1/webhooks/{hook}/test").json["id"]
    admin = AdminServices(AdminSettings.from_environment())
    admin.create_workspace("rival", 10, Limits(), "free")
    names = [finished, waiting, written.json["id"], media, collection, hook, delivery]
    return names, admin.key_service.create("rival", scopes=SCOPES)[0]


@pytest.mark.parametrize(("dialect", "method", "path"), NAMING)
def test_what_is_somebody_elses_is_not_there(shared_system, rivals, dialect, method, path):
    names, rival = rivals
    mount = "" if dialect == "native" else f"/{dialect}"

    def ask(name):
        written = WRITTEN.get(dialect, str)(name)
        # The deliveries of a webhook of theirs.
        owner = names[-2] if "{delivery}" in path else written
        place = mount + path.replace("{id}", owner).replace("{delivery}", written)
        for part in ("{path}", "{owner}/{folder}/{name}"):
            place = place.replace(part, f"acme/generated/generated_ref_{UUID(name).int}.png")
        return shared_system.http(
            method,
            place,
            BODIES.get(path) if method == "PATCH" else None,
            key=rival,
            headers=MORE.get(dialect),
        )

    nothing = ask(UNKNOWN)
    assert nothing.status == 404
    before = everything(shared_system)
    for name in names:
        theirs = ask(name)
        assert theirs.status == 404
        assert told(theirs) == told(nothing)
    assert everything(shared_system) == before


def told(answer):
    """The body but for the moment that it names."""
    return {**answer.json, "meta": None}


def everything(system):
    """All that is stored but how often somebody asked."""
    counts = {"requests_this_minute", "of_keys", "minute"}
    return [
        {name: value for name, value in item.items() if name not in counts}
        for item in system.items()
    ]


def test_lists_hold_ones_own_only(shared_system, rivals):
    names, rival = rivals
    jobs = names[:2]
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
