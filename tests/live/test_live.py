"""One image of each provider that this machine has a key for, on its owner's bill: `make live`.

Keys are found as `make run` finds them: in the environment, or in `.env`.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace

import pytest

from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.clock_and_ids import SystemClock
from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.image_request import Output
from darkroom.domain.web_addresses import WebPolicy
from darkroom.domain.worker_ports import (
    GeneratedImage,
    GenerationRequest,
    GenerationStarted,
    Origin,
    Pictures,
)
from darkroom.fetching.fetcher import FetchLimits, SafeFetcher
from darkroom.fetching.web import PublicWeb
from darkroom.imaging.finish import PillowFinisher
from darkroom.providers.interface import NoAnswer
from darkroom.providers.registry import providers
from darkroom.providers.replies import is_success
from darkroom.providers.router import ProviderRouter
from darkroom.providers.sender import HttpSender
from infra.app import ROOT
from infra.local.provider_keys import found_keys
from tests.builders import image_request
from tests.contract.providers.suite import NeverOpen

pytestmark = pytest.mark.live

# With the keys of this machine, and before the tests' own environment takes its place.
ACCOUNTS = found_keys(ROOT, os.environ)
NAMES = tuple(name for name, provider in providers().items() if not provider.keyless)
PROMPT = "a small red boat on a calm lake, flat colours"
SIDE = 512
LONGEST_WAIT = 180
LARGEST_RESULT = 64 * 1024 * 1024


@pytest.fixture(params=NAMES)
def provider(request):
    name = request.param
    if name not in ACCOUNTS:
        variables = ", ".join(providers()[name].variables.values())
        pytest.skip(f"no key for {providers()[name].title} here ({variables})")
    return name


@pytest.fixture
def sender():
    sender = HttpSender({})
    yield sender
    sender.close()


@pytest.fixture
def adapter(provider):
    return providers()[provider].adapter_for(ACCOUNTS[provider])


@pytest.fixture
def cheapest(provider):
    """The model, and the route by which this provider is asked for it."""
    models = [
        (route.usd is None, route.usd or 0, model.price, model.name, model, route)
        for model in whole_catalogue().models.values()
        for route in model.routes
        if route.provider == provider and _serves(route) and not model.needs_reference
    ]
    if not models:
        pytest.skip(f"no model of the catalogue has a route to {providers()[provider].title}")
    *_, model, route = min(models, key=lambda found: found[:4])
    return model, route


def _serves(route):
    return route.can((), 0) and (route.until is None or route.until >= SystemClock().now().date())


def test_the_key_opens(adapter, sender):
    request = adapter.check()
    if request is None:
        pytest.skip("this provider has no harmless request")
    reason = ""
    try:
        reply = sender.send(request, 60)
    except NoAnswer as nothing:
        reason = nothing.reason
    # Out here: a traceback through the sender would show the request, and that holds the key.
    assert not reason
    assert is_success(reply), adapter.read_start(reply)


def test_an_image_is_made(adapter, cheapest, sender):
    model, route = cheapest
    router = ProviderRouter(
        adapter_of=lambda _: adapter,
        sender=sender,
        fetcher=SafeFetcher(PublicWeb(WebPolicy()), limits=FetchLimits(bytes=LARGEST_RESULT)),
        breaker=NeverOpen(),
        now=SystemClock().now,
    )
    made = image_of(router, model, route)
    assert isinstance(made, GeneratedImage), made
    finisher = PillowFinisher()
    origin = Origin(provider=route.provider, model=route.model)
    finished = finisher.finish(
        made.body, width=SIDE, height=SIDE, output=Output(format="png"), origin=origin
    )
    assert finisher.measure(finished.body) == (SIDE, SIDE)


def image_of(router: ProviderRouter, model, route: ProviderRoute):
    # The least effort that there is.
    quality = model.qualities[0] if model.qualities and route.can({"quality"}, 0) else None
    request = image_request(
        prompt=PROMPT, model=model.name, width=SIDE, height=SIDE, quality=quality
    )
    # Another token each time: a provider that keeps one would give the image of the last run.
    token = f"live-{time.time_ns()}"
    generation = GenerationRequest(request=request, slot=0, token=token, pictures=Pictures())
    answer = router.make(generation, [route])
    if not isinstance(answer, GenerationStarted):
        return answer
    end, pending = time.monotonic() + LONGEST_WAIT, answer.pending
    while time.monotonic() < end:
        time.sleep(pending.pace)
        answer = router.poll_image(pending, route, ())
        if answer is not None:
            return answer
        # What is not to be had at the third look is given up.
        pending = replace(pending, polls=pending.polls + 1)
    # Nobody waits for it any more.
    router.cancel_image(pending)
    pytest.fail(f"no image after {LONGEST_WAIT} s")
