"""Treatments of light: photograph, noir, neon, vintage."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from painter.colour import RGB, mix, rgb
from painter.noise import add_grain, field, grain_tile, levels
from painter.stage import Stage

SOFT_SIDE = 720  # blurs are made at this size and enlarged


def softened(picture: Image.Image, blur: float) -> Image.Image:
    """A blur in shares of the short side, at any size in the same time."""
    scale = min(1.0, SOFT_SIDE / max(picture.size), 6 / max(blur * min(picture.size), 0.1))
    small = (max(round(picture.width * scale), 1), max(round(picture.height * scale), 1))
    shrunk = picture.resize(small, Image.Resampling.BOX)
    shrunk = shrunk.filter(ImageFilter.GaussianBlur(blur * min(small)))
    return shrunk.resize(picture.size, Image.Resampling.BICUBIC)


def vignette(picture: Image.Image, colour: RGB, strength: float, power: float = 2.4) -> Image.Image:
    """Darken or tint the corners."""
    curve = [round(255 * strength * (i / 255) ** power) for i in range(256)]
    mask = Image.radial_gradient("L").resize((256, 256)).point(curve)
    result = picture.copy()
    result.paste(
        colour, (0, 0, *picture.size), mask.resize(picture.size, Image.Resampling.BILINEAR)
    )
    return result


def toned(picture: Image.Image, dark: RGB, middle: RGB, light: RGB) -> Image.Image:
    """Grey tones mapped to three colours."""
    return ImageOps.colorize(ImageOps.grayscale(picture), dark, light, middle)


def photo(stage: Stage, picture: Image.Image) -> Image.Image:
    """Depth of field, bloom, vignette, film grain."""
    blurred = softened(picture, 0.009)
    focus = (
        Image.linear_gradient("L")
        .resize((8, 256))
        .point([round(min(255.0, max(0.0, abs(i / 255 - 0.66) - 0.16) * 640)) for i in range(256)])
    )
    picture = Image.composite(
        blurred, picture, focus.resize(picture.size, Image.Resampling.BILINEAR)
    )
    bright = softened(picture, 0.03).point([round(max(0, i - 120) * 0.75) for i in range(256)] * 3)
    picture = ImageChops.screen(picture, bright)
    curve = [round(255 * (0.03 + 0.95 * _s_curve(i / 255))) for i in range(256)]
    picture = picture.point(curve * 3)
    picture = vignette(picture, rgb("0c0e16"), 0.5)
    return add_grain(picture, grain_tile(stage.chance.stream("film"), 0.12, blur=0.7))


def _s_curve(value: float) -> float:
    return value + 0.6 * (value * value * (3 - 2 * value) - value)


def noir(stage: Stage, picture: Image.Image) -> Image.Image:
    """Black and white with deep shadows and light through blinds of mist."""
    grey = ImageOps.autocontrast(ImageOps.grayscale(picture), cutoff=(2, 1))
    grey = grey.point([round(255 * _s_curve(_s_curve(i / 255)) ** 1.15) for i in range(256)])
    mist = levels(field(stage.chance.stream("mist"), 3, 6, octaves=4), 120, 240)
    toned_grey = toned(grey, rgb("0a0a0d"), rgb("74757a"), rgb("f3f1ea"))
    lift = Image.new("RGB", picture.size, rgb("d5d5d2"))
    picture = Image.composite(
        lift, toned_grey, mist.point([round(i * 0.12) for i in range(256)]).resize(picture.size)
    )
    picture = vignette(picture, rgb("050507"), 0.85, 1.9)
    return add_grain(picture, grain_tile(stage.chance.stream("film"), 0.17, blur=0.8))


def neon(stage: Stage, picture: Image.Image) -> Image.Image:
    """Glowing contours in two colours over a darkened scene."""
    scale = min(1.0, 1024 / max(picture.size))
    small = (max(round(picture.width * scale), 1), max(round(picture.height * scale), 1))
    calm = picture.resize(small, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(1.2))
    lines = ImageOps.grayscale(calm.filter(ImageFilter.FIND_EDGES))
    lines = levels(lines, 7, 52)
    lines.paste(0, (0, 0, small[0], 3))
    lines.paste(0, (0, small[1] - 3, small[0], small[1]))
    lines.paste(0, (0, 0, 3, small[1]))
    lines.paste(0, (small[0] - 3, 0, small[0], small[1]))
    pink, blue = stage.palette.accent, stage.palette.second
    ramp = Image.linear_gradient("L").rotate(90).resize(small)
    tube = ImageOps.colorize(ramp, pink, blue, mix(pink, blue, 0.5))
    lit = ImageChops.multiply(tube, Image.merge("RGB", (lines, lines, lines)))
    halo = lit.filter(ImageFilter.GaussianBlur(max(min(small) * 0.012, 1)))
    halo = ImageChops.add(halo, halo)
    dark = ImageEnhance.Color(picture.point([round(i * 0.78) for i in range(256)] * 3)).enhance(
        1.35
    )
    glowing = ImageChops.screen(dark, halo.resize(picture.size, Image.Resampling.BILINEAR))
    return ImageChops.screen(glowing, lit.resize(picture.size, Image.Resampling.BICUBIC))


def vintage(stage: Stage, picture: Image.Image) -> Image.Image:
    """Faded inks, warm paper, a light leak, dust."""
    faded = ImageEnhance.Color(picture).enhance(0.62)
    table = [round(38 + i * 0.8) for i in range(256)]
    table += [round(32 + i * 0.79) for i in range(256)]
    table += [round(44 + i * 0.62) for i in range(256)]
    faded = faded.point(table)
    rng = stage.chance.stream("leak")
    leak = Image.radial_gradient("L").point([round((255 - i) * 0.32) for i in range(256)])
    sheet = Image.new("L", (256, 256))
    sheet.paste(leak.resize((320, 320)), (rng.choice([-190, 110]), rng.randint(-120, 60)))
    warm = Image.new("RGB", picture.size, rgb("f08a4a"))
    faded = Image.composite(
        ImageChops.screen(faded, warm), faded, sheet.resize(picture.size, Image.Resampling.BILINEAR)
    )
    faded = vignette(faded, rgb("3a2418"), 0.55)
    return add_grain(faded, grain_tile(stage.chance.stream("film"), 0.13, blur=0.9))
