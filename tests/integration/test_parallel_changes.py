"""Requests that change one thing at the same time: one comes in the middle of another, at each of
its calls in turn, and nothing of either is lost.
"""

from __future__ import annotations

from datetime import timedelta

import botocore.client
import pytest

from darkroom.bootstrap.admin import AdminServices
from darkroom.domain.api_key import SCOPES
from darkroom.settings import AdminSettings


class Interleaving:
    """`meanwhile` happens once, before or after the call of this number."""

    def __init__(self, patch, number, moment, meanwhile):
        self.calls, self._meanwhile = 0, meanwhile
        honest = botocore.client.BaseClient._make_api_call

        def call(client, operation, parameters):
            number_of_this, self.calls = self.calls, self.calls + 1
            if moment == "before" and number_of_this == number:
                self.happen()
            try:
                return honest(client, operation, parameters)
            finally:
                if moment == "after" and number_of_this == number:
                    self.happen()

        patch.setattr(botocore.client.BaseClient, "_make_api_call", call)

    def happen(self):
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile:
            meanwhile()

    @property
    def has_happened(self):
        return self._meanwhile is None


def each_interleaving(act, meanwhile):
    """Gives the outcomes of both, with the second at every place within the first."""
    number, moment = 0, "before"
    while True:
        between = []
        with pytest.MonkeyPatch.context() as patch:
            interleaving = Interleaving(
                patch, number, moment, lambda between=between: between.append(meanwhile())
            )
            outcome = act()
            if not interleaving.has_happened:
                return
            yield outcome, between[0]
        number, moment = (number, "after") if moment == "before" else (number + 1, "before")


def image(system):
    job = system.submit(width=64, height=64).json["id"]
    system.work()
    return system.http("GET", f"/v1/jobs/{job}").json["images"][0]["id"]


def create(system, **body):
    return system.http("POST", "/v1/collections", {"name": "first", **body}).json["id"]


def change(system, collection, **body):
    return system.http("PATCH", f"/v1/collections/{collection}", body)


def read(system, collection):
    return system.http("GET", f"/v1/collections/{collection}").json


def test_changes_of_a_collection_that_meet_are_both_kept(system):
    collection, met = create(system), 0

    def one():
        return change(system, collection, attributes={f"one-{met}": met}, name=f"name {met}")

    def other():
        return change(system, collection, attributes={f"other-{met}": 1}, description=f"{met}")

    for answers in each_interleaving(one, other):
        assert [answer.status for answer in answers] == [200, 200]
        kept = read(system, collection)
        assert (kept["name"], kept["description"]) == (f"name {met}", f"{met}")
        assert {f"one-{met}", f"other-{met}"} <= kept["attributes"].keys()
        met += 1
    assert met >= 6


def test_images_of_a_collection_that_are_replaced_twice_are_those_of_one_request(system):
    first, second, third = (image(system) for _ in range(3))
    collection, met = create(system, images=[first]), 0
    for one, other in each_interleaving(
        lambda: change(system, collection, images=[second, first]),
        lambda: change(system, collection, images=[third]),
    ):
        assert (one.status, other.status) == (200, 200)
        shown = [one["media"] for one in read(system, collection)["images"]]
        assert shown in ([second, first], [third])
        met += 1
    assert met > 10


def test_a_collection_that_is_deleted_while_its_images_are_replaced_leaves_none(system):
    media = image(system)
    collections = [create(system)]

    def patched():
        return change(system, collections[-1], images=[media])

    def deleted():
        return system.http("DELETE", f"/v1/collections/{collections[-1]}")

    for _one, other in each_interleaving(patched, deleted):
        assert other.status in {200, 204}
        places = [item["sk"]["S"] for item in system.items()]
        assert [place for place in places if place.startswith("MEMBER#")] == []
        collections.append(create(system))
    for _one, other in each_interleaving(deleted, patched):
        assert other.status in {200, 404}
        places = [item["sk"]["S"] for item in system.items()]
        assert [place for place in places if place.startswith("MEMBER#")] == []
        collections.append(create(system, images=[media]))


def hook(system, number):
    return system.http("POST", "/v1/webhooks", {"url": f"https://shop.example/{number}"})


def hooks(system):
    known = system.http("GET", "/v1/webhooks").json["webhooks"]
    return [one for one in known if one["id"] != "default"]


def test_two_webhooks_that_meet_do_not_pass_the_limit(system):
    for number in range(19):
        assert hook(system, number).status == 201
    met = 0
    for one, other in each_interleaving(lambda: hook(system, 20), lambda: hook(system, 21)):
        assert sorted((one.status, other.status)) == [201, 400]
        assert len(hooks(system)) == 20
        refused = one if one.status == 400 else other
        assert refused.json["code"] == "webhooks.too_many"
        system.http("DELETE", f"/v1/webhooks/{hooks(system)[-1]['id']}")
        met += 1
    assert met > 4


def test_a_key_that_is_revoked_while_it_is_replaced_stays_revoked(system):
    admin = AdminServices(AdminSettings.from_environment())
    ring, revoked = admin.key_service, []

    def replaced():
        _, record = ring.create("acme", scopes=SCOPES)
        revoked.append(record)
        ring.rotate("acme", record.id, timedelta(hours=24))

    def revoke():
        if revoked:
            ring.revoke("acme", revoked[-1].id)
        return len(revoked)

    met = 0
    for _, count in each_interleaving(replaced, revoke):
        known = {record.id: record for record in ring.keys.of_workspace("acme")}
        if count == len(revoked):  # the key was there when it was revoked
            assert known[revoked[-1].id].expires_at <= admin.clock.now()
            met += 1
    assert met > 4
