from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageOps, ImageStat

from darkroom.domain.worker_ports import Pictures
from darkroom.providers.interface import Failed, FailureKind, Images, ProviderRequest
from darkroom.providers.vendors.painter import Painter, answer
from painter import Commission, cut_out, paint
from painter.vocabulary import STYLE_KINDS
from tests.builders import image_request

INVALID = Failed(kind=FailureKind.INVALID, reason="status_422")
STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
GRID = (12, 12)
SPELT = {"oil": "oil painting", "pixel": "pixel art", "pop": "pop art", "photo": "photograph",
         "lowpoly": "low poly", "glass": "stained glass"}  # fmt: skip


def reference(size: tuple[int, int] = (160, 120)) -> Image.Image:
    """A pale orange disc above brown ground, against deep green."""
    w, h = size
    picture = Image.new("RGB", size, (16, 74, 70))
    pencil = ImageDraw.Draw(picture)
    pencil.rectangle((0, h * 3 // 4, w, h), fill=(96, 60, 40))
    pencil.ellipse((w // 8, h // 8, w // 8 + h // 2, h // 8 + h // 2), fill=(246, 190, 130))
    return picture


def product(size: tuple[int, int] = (200, 160)) -> Image.Image:
    """A red box on a pale ground that darkens downward."""
    shade = Image.linear_gradient("L").resize(size).point([235 - i // 8 for i in range(256)])
    picture = Image.merge("RGB", (shade, shade, shade))
    picture.paste((190, 40, 50), (size[0] // 3, size[1] // 4, size[0] * 2 // 3, size[1] * 3 // 4))
    return picture


def square_mask(size: tuple[int, int]) -> Image.Image:
    """White in the middle."""
    mask = Image.new("L", size)
    mask.paste(255, (size[0] // 4, size[1] // 4, size[0] * 3 // 4, size[1] * 3 // 4))
    return mask


def coarse(picture: Image.Image) -> Image.Image:
    return picture.convert("RGB").resize(GRID, Image.Resampling.BOX)


def distance(one: Image.Image, other: Image.Image) -> float:
    """Mean difference per channel, 0 to 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def apart_in_colour(one: Image.Image, other: Image.Image) -> float:
    return distance(coarse(one), coarse(other))


def alike_in_layout(one: Image.Image, other: Image.Image) -> float:
    """Correlation of light and dark, -1 to 1."""
    first, second = ([*coarse(p).convert("L").tobytes()] for p in (one, other))
    mean_one, mean_other = sum(first) / len(first), sum(second) / len(second)
    shared = sum((a - mean_one) * (b - mean_other) for a, b in zip(first, second, strict=True))
    spread = sum((a - mean_one) ** 2 for a in first) * sum((b - mean_other) ** 2 for b in second)
    return float(shared / (spread**0.5 or 1.0))


def colourfulness(picture: Image.Image, channel: int) -> float:
    return ImageStat.Stat(picture.convert("YCbCr")).mean[channel]


def png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def ask(model: str = "painter", pictures: Pictures | None = None, **changes: Any) -> Any:
    """What the painter answers over its wire."""
    adapter = Painter({})
    request = image_request(**{"width": 96, "height": 64, **changes})
    wanted = ProviderRequest(
        request=request, seed=request.seed, model=model, pictures=pictures or Pictures()
    )
    return adapter.read_start(answer(adapter.start(wanted)))


def image_of(answered: Any) -> Image.Image:
    assert isinstance(answered, Images)
    return Image.open(io.BytesIO(answered.bodies[0]))


@pytest.mark.parametrize("style", ["", *STYLE_KINDS])
def test_colours_and_layout_come_closer_with_strength_in_every_style(style: str) -> None:
    asked = Commission(
        f"a red sailboat on a lake, {SPELT.get(style, style)}",
        160,
        120,
        5,
        references=(reference(),),
    )
    # Within the paper margin that some styles leave.
    frame = (16, 12, 144, 108)
    followed = reference().crop(frame)
    series = [paint(replace(asked, strength=strength)).crop(frame) for strength in STRENGTHS]
    colours = [apart_in_colour(picture, followed) for picture in series]
    layout = [alike_in_layout(picture, followed) for picture in series]
    assert all(later < earlier + 2 for earlier, later in pairwise(colours)), colours
    assert all(later > earlier - 0.02 for earlier, later in pairwise(layout)), layout
    assert colours[-1] < colours[0] * 0.75
    assert layout[-1] > max(layout[0] + 0.2, 0.7)


@pytest.mark.parametrize("prompt", ["a city at night", "a cat", "abstract circles", ""])
def test_without_a_style_every_step_is_clearly_closer(prompt: str) -> None:
    asked = Commission(prompt, 160, 120, 2, references=(reference(),))
    series = [paint(replace(asked, strength=strength)) for strength in STRENGTHS]
    colours = [apart_in_colour(picture, reference()) for picture in series]
    layout = [alike_in_layout(picture, reference()) for picture in series]
    assert all(later < earlier for earlier, later in pairwise(colours)), colours
    assert all(later > earlier for earlier, later in pairwise(layout)), layout
    assert colours[-1] < 6
    assert layout[-1] > 0.97


def test_at_strength_0_the_references_change_nothing() -> None:
    asked = Commission("a cat", 96, 64, 1)
    assert (
        paint(replace(asked, references=(reference(),), strength=0.0)).tobytes()
        == paint(asked).tobytes()
    )


def test_strength_is_a_half_unless_told() -> None:
    asked = Commission("a cat", 96, 64, 1, references=(reference(),))
    assert paint(asked).tobytes() == paint(replace(asked, strength=0.5)).tobytes()


def test_at_strength_1_it_is_a_painting_still_and_another_with_each_seed() -> None:
    asked = Commission("a cat", 160, 120, 1, references=(reference(),), strength=1.0)
    one, again, other = paint(asked), paint(asked), paint(replace(asked, seed=2))
    assert one.tobytes() == again.tobytes()
    assert distance(one, reference()) > 1
    assert distance(one, other) > 1


@pytest.mark.parametrize("strength", [0.25, 0.6, 1.0])
def test_the_palette_comes_from_all_references_the_layout_from_the_first(strength: float) -> None:
    first, second = reference(), ImageOps.mirror(Image.new("RGB", (90, 160), (120, 20, 160)))
    second.paste((250, 120, 250), (0, 0, 45, 160))
    asked = Commission("hills", 160, 120, 3, references=(first,), strength=strength)
    alone, together = paint(asked), paint(replace(asked, references=(first, second)))
    assert colourfulness(together, 1) > colourfulness(alone, 1) + 1
    assert alike_in_layout(together, first) > alike_in_layout(together, second.resize((160, 120)))
    assert alike_in_layout(together, first) > alike_in_layout(alone, first) - 0.15


@pytest.mark.parametrize("mode", ["RGBA", "L", "P", "LA", "CMYK", "1", "I;16"])
def test_references_may_come_in_any_mode(mode: str) -> None:
    source = (
        Image.new("I;16", (50, 40), 900) if mode == "I;16" else reference((50, 40)).convert(mode)
    )
    assert paint(Commission("a cat", 64, 64, 1, references=(source, source))).size == (64, 64)


@pytest.mark.parametrize("shape", [(1, 1), (900, 20), (20, 900)])
@pytest.mark.parametrize("size", [(64, 64), (64, 1200), (1200, 64)])
def test_references_may_have_any_shape(shape: tuple[int, int], size: tuple[int, int]) -> None:
    picture = paint(Commission("a boat", *size, 1, references=(reference(shape),), strength=0.9))
    assert (picture.size, picture.mode) == (size, "RGB")


def test_a_reference_is_trimmed_to_the_frame_and_not_stretched() -> None:
    wide = Image.new("RGB", (300, 100), "red")
    wide.paste("blue", (100, 0, 200, 100))
    picture = paint(Commission("hills", 100, 100, 1, references=(wide,), strength=1.0))
    red, _, blue = ImageStat.Stat(picture).mean
    assert blue > red + 150


@pytest.mark.parametrize("style", ["", "watercolour", "stained glass"])
@pytest.mark.parametrize("mask_size", [(150, 100), (300, 200), (40, 30)])
def test_pixels_outside_the_mask_stay_exactly_as_they_were(
    mask_size: tuple[int, int], style: str
) -> None:
    mask = square_mask(mask_size)
    asked = Commission(f"a boat, {style}", 150, 100, 1, references=(reference((200, 160)),))
    picture = paint(replace(asked, mask=mask))
    before = ImageOps.fit(reference((200, 160)), (150, 100), Image.Resampling.LANCZOS)
    full = ImageOps.fit(mask, (150, 100), Image.Resampling.NEAREST)
    changed = ImageChops.difference(picture, before)
    assert Image.composite(Image.new("RGB", (150, 100)), changed, full).getbbox() is None
    assert ImageStat.Stat(changed.convert("L"), full).mean[0] > 4


def test_the_new_part_joins_with_an_edge_that_softens_inward() -> None:
    kept = Image.new("RGB", (200, 200), (40, 90, 200))
    asked = Commission("red roses", 200, 200, 1, references=(kept,), mask=square_mask((200, 200)))
    changed = ImageChops.difference(paint(asked), kept).convert("L")
    rings = [
        ImageStat.Stat(changed.crop((50 + i, 50 + i, 150 - i, 51 + i))).mean[0] for i in (0, 3, 30)
    ]
    assert rings[0] < 3
    assert rings[0] < rings[1] < rings[2]


def test_each_prompt_and_seed_paints_its_own_into_the_mask() -> None:
    asked = Commission("a boat", 120, 90, 1, references=(reference(),), mask=square_mask((120, 90)))
    one, again = paint(asked), paint(asked)
    assert one.tobytes() == again.tobytes()
    assert one.tobytes() != paint(replace(asked, seed=2)).tobytes()
    assert one.tobytes() != paint(replace(asked, prompt="a robot")).tobytes()


def test_of_a_mask_the_luminance_counts_and_nearly_black_is_black() -> None:
    asked = Commission("a boat", 120, 90, 1, references=(reference(),))
    plain = paint(replace(asked, mask=square_mask((120, 90))))
    smeared = square_mask((120, 90)).point([12] + [0] * 254 + [244])
    layered = Image.merge("RGBA", (*[square_mask((120, 90))] * 3, Image.new("L", (120, 90), 7)))
    assert paint(replace(asked, mask=smeared)).tobytes() == plain.tobytes()
    assert paint(replace(asked, mask=layered)).tobytes() == plain.tobytes()


@pytest.mark.parametrize("spot", [(0, 0, 1, 1), (70, 0, 96, 64), (20, 30, 90, 31)])
def test_masks_of_any_shape_are_painted(spot: tuple[int, int, int, int]) -> None:
    mask = Image.new("L", (96, 64))
    mask.paste(255, spot)
    kept = reference((96, 64))
    picture = paint(Commission("a cat, watercolour", 96, 64, 1, references=(kept,), mask=mask))
    changed = ImageChops.difference(picture, kept).getbbox()
    assert changed is not None
    assert (changed[0] >= spot[0], changed[1] >= spot[1]) == (True, True)
    assert (changed[2] <= spot[2], changed[3] <= spot[3]) == (True, True)


def test_a_black_mask_changes_nothing_and_a_white_one_everything() -> None:
    kept = reference((96, 64))
    asked = Commission("a boat", 96, 64, 1, references=(kept,), strength=0.0)
    black, white = Image.new("L", (96, 64)), Image.new("L", (96, 64), 255)
    assert paint(replace(asked, mask=black)).tobytes() == kept.tobytes()
    assert paint(replace(asked, mask=white)).tobytes() == paint(asked).tobytes()


def test_a_subject_is_cut_out_of_its_ground() -> None:
    cut = cut_out(product(), (200, 160))
    alpha = cut.getchannel("A")
    assert (cut.size, cut.mode) == ((200, 160), "RGBA")
    assert [alpha.getpixel(at) for at in ((0, 0), (199, 159), (30, 80), (100, 8))] == [0] * 4
    assert alpha.crop((72, 46, 128, 114)).getextrema() == (255, 255)
    assert ImageStat.Stat(alpha).mean[0] == pytest.approx(255 / 6, rel=0.05)
    assert 0 < sum(alpha.histogram()[20:236]) < 1500, "an edge, and a soft one"
    assert cut.getpixel((100, 80)) == (190, 40, 50, 255)


def test_what_was_cut_out_before_keeps_its_transparency() -> None:
    before = product().convert("RGBA")
    before.putalpha(square_mask(before.size))
    assert cut_out(before, before.size).tobytes() == before.tobytes()


def test_where_nothing_stands_out_nothing_is_cut() -> None:
    assert cut_out(Image.new("RGB", (80, 80), "teal"), (64, 64)).getchannel("A").getextrema() == (
        255,
        255,
    )


def test_references_strength_and_mask_travel_over_the_wire() -> None:
    kept, mask = reference((96, 64)), square_mask((96, 64))
    sent = Pictures(references=(png(kept),), mask=png(mask))
    painted = paint(
        Commission("a red boat", 96, 64, 7, references=(kept,), strength=0.8, mask=mask)
    )
    assert image_of(ask(pictures=sent, strength=0.8)).tobytes() == painted.tobytes()


def test_the_cutout_model_needs_no_prompt_and_answers_with_transparency() -> None:
    sent = Pictures(references=(png(product()),))
    cut = image_of(ask("painter-cutout", sent, prompt="", width=100, height=80))
    assert (cut.mode, cut.size, cut.format) == ("RGBA", (100, 80), "PNG")
    assert cut.getchannel("A").getextrema() == (0, 255)


def test_the_cutout_model_refuses_when_there_is_no_picture() -> None:
    assert ask("painter-cutout") == INVALID


def test_a_picture_that_cannot_be_read_is_refused() -> None:
    assert ask(pictures=Pictures(references=(b"not a picture",))) == INVALID
