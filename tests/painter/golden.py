"""Pictures by the painter that must stay as they are, pixel by pixel.

python -m tests.painter.golden records them anew, into golden.json: only where a picture is meant
to change.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import PIL
from PIL import Image, ImageDraw

from benchmarks.contact_sheet import HERO, PROMPTS
from painter import Commission, cut_out, paint
from painter.vocabulary import STYLE_KINDS

RECORDED = Path(__file__).with_name("golden.json")
SIZE = {"width": 96, "height": 72}
# Each is followed by what makes it another picture than that of its prompt alone.
OPTIONS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("three boats at sunset", {"negative_prompt": "boats, red"}),
    ("a meadow with flowers and trees", {"negative_prompt": "no people, trees, yellow"}),
    ("a blue lake without clouds, no birds", {}),
    ("a portrait of a man in a red coat, not blue", {"negative_prompt": "blue"}),
    ("two dogs and a cat on a beach in winter (Mood: Save it for later.)", {}),
    ("a green car on a bridge in autumn fog", {"seed": 4_294_967_295}),
    ("sushi, coffee and a croissant", {"guidance": 18.0}),
    ("a train in the mountains, spring morning", {"temperature": 1.8}),
    ("an eagle over a canyon", {"steps": 90}),
    ("a whale under the sea", {"steps": 2, "quality": "low"}),
    ("a sunflower field under storm clouds", {"quality": "high"}),
    ("an astronaut on the moon", {"model": "another"}),
    ("melancholy", {"width": 64, "height": 160}),
    ("joyful energetic spirals in gold and teal", {"width": 200, "height": 64}),
    ("ein rotes Haus am See", {}),
    ("", {}),
)
WITH_PICTURES: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("a lighthouse at night", {"references": ("disc",)}),
    ("a lighthouse at night", {"references": ("disc",), "strength": 0.0}),
    ("a lighthouse at night, oil painting", {"references": ("disc", "box"), "strength": 0.9}),
    ("a bowl of fruit", {"references": ("pale",), "strength": 1.0}),
    ("a red rose", {"references": ("box",), "mask": "middle"}),
    ("a red rose", {"references": ("box", "disc"), "mask": "middle", "strength": 0.8}),
    ("a cat, watercolor", {"references": ("disc",), "mask": "spot", "negative_prompt": "grass"}),
    ("a cat", {"references": ("disc",), "mask": "closed"}),
    ("a fox", {"mask": "middle"}),
)
CUT_OUT = ("disc", "box", "pale")


def sample(name: str) -> Image.Image:
    """A picture or mask for the commissions above."""
    w, h = 120, 90
    if name == "box":
        shade = Image.linear_gradient("L").resize((w, h)).point([235 - i // 8 for i in range(256)])
        picture = Image.merge("RGB", (shade, shade, shade))
        picture.paste((190, 40, 50), (40, 22, 80, 68))
    elif name == "disc":
        picture = Image.new("RGB", (w, h), (16, 74, 70))
        pencil = ImageDraw.Draw(picture)
        pencil.rectangle((0, 68, w, h), fill=(96, 60, 40))
        pencil.ellipse((15, 11, 60, 56), fill=(246, 190, 130))
    elif name == "pale":
        picture = Image.new("RGBA", (80, 120), (200, 220, 230, 120))
        ImageDraw.Draw(picture).polygon([(40, 10), (70, 110), (10, 110)], fill=(60, 40, 90, 255))
    else:
        picture = Image.new("L", (w, h))
        area = {"middle": (30, 22, 90, 68), "spot": (5, 5, 30, 25), "closed": (0, 0, 0, 0)}[name]
        picture.paste(255, area)
    return picture


def hash_of(picture: Image.Image) -> str:
    shape = f"{picture.mode} {picture.width}x{picture.height}".encode()
    return hashlib.sha256(shape + b"\0" + picture.tobytes()).hexdigest()[:24]


def commissions() -> Mapping[str, Mapping[str, Any]]:
    """By what they are told by in golden.json."""
    plain = [(prompt, {"seed": seed}) for prompt, seed in (*PROMPTS, *HERO)]
    styles = [(f"a fox by a lake, {style} style", {}) for style in STYLE_KINDS]
    return {
        json.dumps([prompt, options]): {
            "prompt": prompt, "seed": 5, **SIZE, **options,
        }
        for prompt, options in (*plain, *styles, *OPTIONS, *WITH_PICTURES)
    }  # fmt: skip


def painted(options: Mapping[str, Any]) -> Image.Image:
    mask = options.get("mask")
    pictures = {
        "references": tuple(sample(name) for name in options.get("references", ())),
        "mask": sample(mask) if mask else None,
    }
    return paint(Commission(**{**options, **pictures}))


def hash_of_cutout(name: str) -> str:
    return hash_of(cut_out(sample(name), (100, 80)))


def made_with() -> Mapping[str, str]:
    """What pixels depend on beside the painter: another Pillow rounds in another way."""
    return {"pillow": PIL.__version__, "machine": platform.machine()}


def main() -> None:
    record = {
        "made_with": made_with(),
        "paintings": {name: hash_of(painted(told)) for name, told in commissions().items()},
        "cutouts": {name: hash_of_cutout(name) for name in CUT_OUT},
    }
    RECORDED.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
