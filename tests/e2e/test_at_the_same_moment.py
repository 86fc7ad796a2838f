"""Over HTTP, many requests at the same moment: no change is lost, no limit passed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.conformance.vendors import bearer_of, new_key


@pytest.fixture(scope="module")
def client(local):
    made = local.admin("workspace", "create", "at-once", "--credits=10")
    assert made.returncode == 0, made.stderr
    key = new_key(local, "at-once", ("read", "generate", "media:write", "webhooks"))
    base = f"http://127.0.0.1:{local.file['port']}"
    with httpx.Client(base_url=base, headers=bearer_of(key), timeout=60) as opened:
        yield opened


def at_once(count, act):
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(act, range(count)))


def test_every_change_of_a_collection_is_kept(client):
    collection = client.post("/v1/collections", json={"name": "all"}).json()["id"]

    def change(number):
        body = {"attributes": {f"note-{number}": number}}
        return client.patch(f"/v1/collections/{collection}", json=body).status_code

    assert at_once(18, change) == [200] * 18
    kept = client.get(f"/v1/collections/{collection}").json()["attributes"]
    assert kept == {f"note-{number}": number for number in range(18)}


def test_forty_webhooks_at_once_are_twenty(client):
    def create(number):
        body = {"url": f"https://shop.example/{number}"}
        return client.post("/v1/webhooks", json=body).status_code

    statuses = at_once(40, create)
    assert sorted(statuses) == [201] * 20 + [400] * 20
    known = client.get("/v1/webhooks").json()["webhooks"]
    assert len([one for one in known if one["id"] != "default"]) == 20
