"""Every route of the catalogue through the whole system, each provider played on loopback."""

from __future__ import annotations

import importlib
import io
import json
import pkgutil
import time
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from PIL import Image

from darkroom.bootstrap.catalogue import whole_catalogue
from infra.provider_rows import provider_rows
from tests.fakes import vendors
from tests.fakes.upstream import Upstream, Vendor, picture
from tests.running import Local, eventually

# Amazon's own models are asked through its SDK, and the local AWS has none.
ELSEWHERE = {"painter", "bedrock"}
# What a worker believes of a route before it looks again.
BREAKER_IS_FRESH = 2.5
SECONDS = 240
WIDTH, HEIGHT = 320, 192


def all_vendors():
    for module in pkgutil.iter_modules(vendors.__path__):
        found = importlib.import_module(f"{vendors.__name__}.{module.name}")
        for kind in vars(found).values():
            is_own = isinstance(kind, type) and kind.__module__ == found.__name__
            if is_own and issubclass(kind, Vendor) and kind.name not in ELSEWHERE:
                yield kind


def variables_of(name, account):
    """As somebody sets them who has a key."""
    row = {"base_url": f"{name.upper()}_BASE_URL", **provider_rows()[name].get("variables", {})}
    return {row[field]: value for field, value in account.items() if field in row}


@pytest.fixture(scope="module")
def upstreams():
    with ExitStack() as stack:
        running = {}
        for kind in all_vendors():
            running[kind.name] = stack.enter_context(Upstream(kind()))
            # Ready at the first look: how often one looks is tested elsewhere, in no time.
            running[kind.name].vendor.polls = 0
        yield running


@pytest.fixture(scope="module")
def system(upstreams, tmp_path_factory):
    variables = {}
    for name, upstream in upstreams.items():
        variables |= variables_of(name, upstream.account)
    running = Local(tmp_path_factory.mktemp("providers")).start(**variables)
    yield running
    running.stop()


def close_all_but(system, wanted):
    """As if every other route had failed a moment ago: what the workers tell each other."""
    until = {"N": str(int(time.time()) + 3600)}
    table = system.outputs["TableName"]
    dynamodb = system.aws.client("dynamodb")
    for route in {route for model in whole_catalogue().models.values() for route in model.routes}:
        key = {"pk": {"S": f"ROUTE#{route.provider}"}, "sk": {"S": route.model}}
        item = key | ({} if route in wanted else {"open_until": until, "failures": {"N": "1"}})
        dynamodb.put_item(TableName=table, Item=item)
    time.sleep(BREAKER_IS_FRESH)


def rounds():
    """Every model by every one of its routes. In one round each has but one that is open: two of
    them may lead to the same, and then they do not go together.
    """
    found = []
    for model in whole_catalogue().models.values():
        for route in model.routes:
            if route.provider in ELSEWHERE or has_ended(route):
                continue
            fitting = (several for several in found if go_together(several, model, route))
            several = next(fitting, None)
            if several is None:
                found.append(several := [])
            several.append((model, route))
    return found


def has_ended(route):
    return route.until is not None and route.until < datetime.now(UTC).date()


def go_together(several, model, route):
    return all(
        route not in other.routes and open_one not in model.routes for other, open_one in several
    )


def body_of(model, route, media):
    body = {"model": model.name, "width": WIDTH, "height": HEIGHT, "output": {"format": "png"}}
    if model.needs_prompt:
        body["prompt"] = "a red boat"
    if model.needs_reference or route.min_references:
        body["references"] = [{"media": media}]
    return body


def test_every_route_of_every_model_ends_in_a_stored_image_of_the_exact_size(system, upstreams):
    sent = system.request("POST", "/v1/media", files={"file": ("a.png", picture(400, 400))})
    media = sent.json()["id"]
    made = 0
    for several in rounds():
        close_all_but(system, {route for _, route in several})
        jobs = {}
        for model, route in several:
            answer = system.request("POST", "/v1/jobs", json=body_of(model, route, media))
            assert answer.status_code == 202, (model.name, answer.text)
            jobs[answer.json()["id"]] = (model, route)
        for job, (model, route) in jobs.items():
            ended = system.ended(job, SECONDS)
            [image] = ended["images"]
            assert image["status"] == "stored", (model.name, route, image, wrong(upstreams))
            assert (image["provider"], image["provider_model"]) == (route.provider, route.model)
            file = Image.open(io.BytesIO(system.download(image["url"]).content))
            assert file.size == (WIDTH, HEIGHT)
            [attempt] = image["attempts"]
            assert attempt["outcome"] == "made"
            made += 1
    assert made == sum(map(len, rounds()))
    assert wrong(upstreams) == {}


def wrong(upstreams):
    """What a vendor was sent that it does not document."""
    return {name: upstream.wrong for name, upstream in upstreams.items() if upstream.wrong}


def test_the_operator_sees_which_keys_open(system, upstreams):
    told = system.admin("providers", "list", "--check").stdout.splitlines()
    checks = {entry["name"]: entry for entry in map(json.loads, told)}
    for name in upstreams:
        assert checks[name]["enabled"], name
        assert checks[name]["check"] in {"good", "no harmless request is known"}, checks[name]


def test_what_is_down_is_passed_over_and_told_of(system, upstreams):
    close_all_but(
        system, {route for model in whole_catalogue().models.values() for route in model.routes}
    )
    upstreams["bfl"].vendor.script = ["no_funds"]
    job = system.request("POST", "/v1/jobs", json={"prompt": "x", "model": "flux-2-pro"}).json()
    [image] = system.ended(job["id"], SECONDS)["images"]
    assert [attempt["outcome"] for attempt in image["attempts"]] == ["no_funds", "made"]
    assert image["provider"] == "fal"

    def is_known():
        again = system.request("POST", "/v1/jobs", json={"prompt": "x", "model": "flux-2-pro"})
        [image] = system.ended(again.json()["id"], SECONDS)["images"]
        return [attempt["provider"] for attempt in image["attempts"]] == ["fal"]

    eventually(is_known, 60, "that nobody asks it any more")


def test_a_refusal_is_one_and_is_refunded(system, upstreams):
    upstreams["openai"].vendor.script = ["moderation"]
    job = system.request("POST", "/v1/jobs", json={"prompt": "x", "model": "gpt-image-2"}).json()
    ended = system.ended(job["id"], SECONDS)
    assert ended["images"][0]["error"]["code"] == "refused"
    assert ended["credits"]["refunded"] == ended["credits"]["price"]
    assert "words of theirs" not in str(ended)
