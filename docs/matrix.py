"""Writes the tables of docs/providers.md from the catalogue: `make docs`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image

FILE = Path(__file__).with_name("providers.md")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "functions"))

from darkroom.bootstrap.catalogue import whole_catalogue  # noqa: E402
from darkroom.domain.catalogue import Model, ProviderRoute  # noqa: E402
from darkroom.domain.image_request import ImageRequest, Reference  # noqa: E402
from darkroom.domain.worker_ports import Pictures  # noqa: E402
from darkroom.providers.interface import ProviderRequest  # noqa: E402
from darkroom.providers.registry import providers  # noqa: E402

BEGIN, END = "<!-- from the catalogue: begin -->\n", "<!-- from the catalogue: end -->\n"
OPTIONS = (
    "seed",
    "negative_prompt",
    "steps",
    "guidance",
    "temperature",
    "quality",
    "strength",
    "mask",
)


def written(text: str) -> str:
    """The page with its tables as the catalogue has them now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{_tables()}\n{END}{after}"


def _tables() -> str:
    catalogue = whole_catalogue()
    models = list(catalogue.models.values())
    head = "| Model | Credits | References | " + " | ".join(OPTIONS) + " |"
    lines = [head, "|" + "---|" * (3 + len(OPTIONS))]
    lines += [_model(model) for model in models]
    lines += [
        "",
        f"Ways to each, in order; list prices in USD an image, read {catalogue.prices_of}.",
        "",
    ]
    lines += ["| Model | Way | USD | Remarks |", "|---|---|---|---|"]
    lines += [_route(model, route) for model in models for route in model.routes]
    return "\n".join(lines) + "\n"


def _model(model: Model) -> str:
    if model.unavailable:
        return f"| {model.name} | none: {model.unavailable} |" + " |" * (1 + len(OPTIONS))
    most = str(model.max_references) + (" (one needed)" if model.needs_reference else "")
    marks = ["✓" if option in model.options else "–" for option in OPTIONS]
    return f"| {model.name} | {model.price} | {most} | {' | '.join(marks)} |"


def _route(model: Model, route: ProviderRoute) -> str:
    remarks = []
    if route.instead:
        remarks.append(f"makes it as {route.instead}")
    if route.until:
        remarks.append(f"until {route.until}")
    without = sorted(route.lacks | ({"seed"} if _leaves_out_the_seed(model, route) else set()))
    if without:
        remarks.append(f"without {', '.join(without)}")
    if route.quality:
        remarks.append(f"at {route.quality} quality")
    if route.min_references:
        remarks.append("needs a reference")
    if route.max_references is not None:
        remarks.append(f"{route.max_references} references")
    usd = "not published" if route.usd is None else f"{route.usd:g}"
    return f"| {model.name} | {route.provider}: `{route.model}` | {usd} | {'; '.join(remarks)} |"


def _leaves_out_the_seed(model: Model, route: ProviderRoute) -> bool:
    """Of a model that has one: what this way sends is the same for every seed."""
    return "seed" in model.options and _sent(model, route, seed=1) == _sent(model, route, seed=2)


def _sent(model: Model, route: ProviderRoute, *, seed: int) -> object:
    account = dict.fromkeys(("key", "secret", "project"), "x") | {"base_url": "https://a.test"}
    count = max(route.min_references, int(model.needs_reference))
    wanted = ProviderRequest(
        request=ImageRequest(
            prompt="a boat",
            model=model.name,
            width=1024,
            height=1024,
            n=1,
            seed=seed,
            references=(Reference(url="https://a.test/a.png"),) * count,
        ),
        seed=seed,
        model=route.model,
        pictures=Pictures(
            references=(_picture(),) * count, mask=_picture() if "mask" in model.options else None
        ),
    )
    request = providers()[route.provider].adapter_for(account).start(wanted)
    # One in this process is handed an object instead of a body.
    return request.payload or request.body


def _picture() -> bytes:
    written = io.BytesIO()
    Image.new("L", (64, 64), 255).save(written, "PNG")
    return written.getvalue()


if __name__ == "__main__":
    FILE.write_text(written(FILE.read_text("utf-8")), "utf-8")
