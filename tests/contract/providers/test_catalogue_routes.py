"""What the catalogue promises of each route, its adapter puts into the request."""

from __future__ import annotations

import io
import json
import re

import pytest
from PIL import Image

from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.domain.image_request import Reference
from darkroom.domain.worker_ports import GenerationRequest, Pictures
from darkroom.providers.registry import providers
from darkroom.providers.router import _provider_request
from tests.builders import image_request
from tests.fakes.upstream import picture

ACCOUNT = {
    "key": "k",
    "secret": "s",
    "project": "p",
    "location": "global",
    "base_url": "https://provider.test",
}
PICTURE = picture(400, 400)
AT = Reference(url="https://a.test/a.png")
VALUES = {
    "negative_prompt": "rain",
    "steps": 7,
    "guidance": 4.5,
    "temperature": 0.3,
    "strength": 0.95,
}
ROUTES = [(model, route) for model in whole_catalogue().models.values() for route in model.routes]
OPTIONS = [
    (model, route, option)
    for model, route in ROUTES
    for option in sorted(model.options - route.lacks - {"seed"})
]


def name(value):
    return value if isinstance(value, str) else getattr(value, "model", None) or value.name


def mask():
    """Of a part: where none is given, some routes are sent one of the whole picture."""
    image, written = Image.new("L", (400, 400), 0), io.BytesIO()
    image.paste(255, (0, 0, 200, 400))
    image.save(written, "PNG")
    return written.getvalue()


def sent(model, route, *, references, option=None, value=None, seed=7):
    """What goes out, as the maker would ask for it."""
    fields = {"references": (AT,) * references}
    pictures = Pictures(references=(PICTURE,) * references)
    if option == "mask":
        fields["mask"] = AT
        pictures = Pictures(references=pictures.references, mask=mask())
    elif option:
        fields[option] = value
    prompt = "a red boat" if model.needs_prompt else ""
    generation = GenerationRequest(
        request=image_request(model=model.name, prompt=prompt, seed=seed, **fields),
        slot=0,
        token="t",
        pictures=pictures,
    )
    request = (
        providers()[route.provider].adapter_for(ACCOUNT).start(_provider_request(generation, route))
    )
    # The embedded painter is handed what it is asked for as it is.
    return request.url, request.body or repr(request.payload).encode()


def fewest(model, route):
    return max(route.min_references, int(model.needs_reference))


@pytest.mark.parametrize(("model", "route", "option"), OPTIONS, ids=name)
def test_an_option_that_a_route_has_is_sent(model, route, option):
    count = max(fewest(model, route), int(option in {"mask", "strength"}))
    without = sent(model, route, references=count)
    if option == "quality":
        each = {
            sent(model, route, references=count, option=option, value=value)
            for value in model.qualities
        }
        assert len(each) == len(model.qualities)
        return
    assert sent(model, route, references=count, option=option, value=VALUES.get(option)) != without


@pytest.mark.parametrize(
    "model", [model for model in whole_catalogue().models.values() if model.routes], ids=name
)
def test_a_seed_goes_out_by_some_way_to_a_model_that_has_one_and_by_none_to_another(model):
    ways = [route for route in model.routes if route.provider != "painter"]
    sending = [
        len({sent(model, way, references=fewest(model, way), seed=seed) for seed in (1, 2)}) == 2
        for way in ways
    ]
    assert any(sending) == bool(ways and "seed" in model.options)


@pytest.mark.parametrize(("model", "route"), ROUTES, ids=name)
def test_each_reference_that_a_route_takes_is_sent(model, route):
    most = model.max_references if route.max_references is None else route.max_references
    sizes = [
        len(sent(model, route, references=count)[1])
        for count in range(fewest(model, route), most + 1)
    ]
    assert sizes == sorted(set(sizes)), "another picture makes no difference"


# Left out, they choose an effort for themselves, up to thirteen times the price.
CHOOSY = re.compile(r"gpt.image.2.[56]|ideogram.4.5")
CHOOSY_ROUTES = [(model, route) for model, route in ROUTES if CHOOSY.search(route.model)]


@pytest.mark.parametrize(("model", "route"), CHOOSY_ROUTES, ids=name)
def test_the_effort_is_always_named_where_the_vendor_would_choose_a_dear_one(model, route):
    _, body = sent(model, route, references=0)
    assert json.loads(body)["quality"] in {"low", "medium"}
