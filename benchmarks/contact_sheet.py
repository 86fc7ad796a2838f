"""Paint a labelled grid of prompts and the picture strip of the README.

python benchmarks/contact_sheet.py [--out docs/contact-sheet.png]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "functions"))

from painter import Commission, paint  # noqa: E402

PROMPTS: tuple[tuple[str, int], ...] = (
    ("three boats at sunset", 1),
    ("a red sailboat on a blue lake", 4),
    ("a lighthouse at night", 4),
    ("city skyline at night", 4),
    ("tokyo street in the rain", 4),
    ("the golden gate bridge", 4),
    ("a cottage in the hills", 4),
    ("a castle at sunset", 4),
    ("paris at dusk", 4),
    ("snowy village at night", 4),
    ("desert dunes, golden hour", 2),
    ("aurora over a mountain lake", 1),
    ("forest in the mist at dawn", 1),
    ("lavender field at sunset", 1),
    ("palm trees on a beach", 4),
    ("cherry blossom by a pagoda", 4),
    ("three hot air balloons", 4),
    ("volcano by the sea at night", 9),
    ("a ginger cat", 4),
    ("two foxes in the snow", 4),
    ("a horse in a meadow", 1),
    ("coral reef with fish", 4),
    ("portrait of a woman", 4),
    ("a robot", 4),
    ("red roses", 4),
    ("bowl of fruit on a table", 4),
    ("laptop on a desk", 4),
    ("a rocket and the moon", 4),
    ("saturn in space", 4),
    ("spiral galaxy", 4),
    ("mountain lake, watercolor", 3),
    ("mountain lake, oil painting", 3),
    ("city, pencil sketch", 3),
    ("misty mountains, ink", 3),
    ("city street, cyberpunk", 3),
    ("sea at dusk, pixel art", 3),
    ("a fox, low poly", 3),
    ("a cat, stained glass", 2),
    ("portrait, pop art", 3),
    ("a lighthouse, noir", 3),
    ("abstract circles", 4),
    ("bauhaus shapes", 4),
)
HERO: tuple[tuple[str, int], ...] = (
    ("a red sailboat on a mountain lake at sunset", 4),
    ("cherry blossom tree by a pagoda at dawn", 2),
    ("volcano by the sea at night", 9),
)
COLUMNS, CELL, LABEL, GAP = 7, 144, 15, 6
HERO_CELL = (400, 400)


def contact_sheet() -> Image.Image:
    """Every prompt with its name below."""
    rows = -(-len(PROMPTS) // COLUMNS)
    step_x, step_y = CELL + GAP, CELL + LABEL + GAP
    sheet = Image.new("RGB", (COLUMNS * step_x + GAP, rows * step_y + GAP), (250, 247, 240))
    drawer = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(10)
    for i, (prompt, seed) in enumerate(PROMPTS):
        left, top = GAP + i % COLUMNS * step_x, GAP + i // COLUMNS * step_y
        picture = paint(Commission(prompt, CELL * 3, CELL * 3, seed, quality="low"))
        sheet.paste(picture.reduce(3), (left, top))
        drawer.text((left + 1, top + CELL + 2), prompt, fill=(60, 58, 66), font=font)
    return sheet


def hero() -> Image.Image:
    """Three pictures side by side."""
    width, height = HERO_CELL
    strip = Image.new("RGB", (len(HERO) * (width + GAP) - GAP, height), (250, 247, 240))
    for i, (prompt, seed) in enumerate(HERO):
        # Three times the size and no grain: smooth edges that compress well.
        picture = paint(Commission(prompt, width * 3, height * 3, seed, quality="low"))
        strip.paste(picture.reduce(3), (i * (width + GAP), 0))
    return strip


def save(picture: Image.Image, path: Path) -> None:
    """Write a PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, optimize=True)
    print(f"{path}: {path.stat().st_size // 1000} kB")


def main() -> None:
    """Paint both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "contact-sheet.png")
    out: Path = parser.parse_args().out
    save(contact_sheet(), out)
    save(hero(), out.with_name("hero.png"))


if __name__ == "__main__":
    main()
