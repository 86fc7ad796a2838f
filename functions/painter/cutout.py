"""Cutting a subject out: what runs in from the border in the border's colours is background."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from painter.noise import levels
from painter.references import fitted
from painter.regions import grown, painted_places
from painter.styles.sheets import working
from painter.surroundings import continued

STUDY = 320  # the background is looked for at this size
NEAR, FAR = 11, 44  # from the border's colours: surely background, surely not
STEP = 3  # between neighbours: as a shade of the same ground may change
CRUMB = 0.04  # pieces smaller than this share of the largest are not the subject's
LEAST = 0.003  # less of a subject than this share of the picture is none


def cut_out(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture fitted to this size, RGBA, its background transparent.

    A picture that comes with transparency keeps that; one in which nothing stands out stays whole.
    """
    own = _own_transparency(picture, size)
    if own is not None:
        return own
    whole = fitted(picture, size)
    study = working(whole, STUDY)
    subject = ImageOps.invert(_background(study)).filter(ImageFilter.MedianFilter(3))
    subject = _without_crumbs(subject)
    cut = whole.copy()
    if ImageStat.Stat(subject).mean[0] < 255 * LEAST:
        cut.putalpha(255)
        return cut
    alpha = _edge(whole, study, subject)
    # Along the edge the background shines through: the subject's own colours are carried out.
    inside = subject.filter(ImageFilter.MinFilter(5))
    tones = continued(study, inside).resize(size, Image.Resampling.BICUBIC)
    cut.paste(
        tones, (0, 0), alpha.point([min(255 - i, 255) if 0 < i < 250 else 0 for i in range(256)])
    )
    cut.putalpha(alpha)
    return cut


def _own_transparency(picture: Image.Image, size: tuple[int, int]) -> Image.Image | None:
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return None
    layered = picture.convert("RGBA")
    low, _ = layered.getchannel("A").getextrema()
    if not isinstance(low, int) or low > 127:
        return None
    return ImageOps.fit(layered, size, Image.Resampling.LANCZOS)


def _background(study: Image.Image) -> Image.Image:
    """White where the background is: grown in from the border, shade by shade."""
    calm = _weighed(study.filter(ImageFilter.MedianFilter(3)).filter(ImageFilter.GaussianBlur(0.7)))
    width, height = calm.size
    strange, tones = _strangeness(calm).tobytes(), calm.tobytes()

    def goes_on(at: int, beside: int) -> bool:
        one, other = 3 * at, 3 * beside
        return strange[beside] < NEAR or (
            strange[beside] <= FAR
            and abs(tones[one] - tones[other]) <= STEP
            and abs(tones[one + 1] - tones[other + 1]) <= STEP
            and abs(tones[one + 2] - tones[other + 2]) <= STEP
        )

    rows, columns = (0, (height - 1) * width), (0, width - 1)
    border = [x + row for x in range(width) for row in rows]
    border += [y * width + column for y in range(height) for column in columns]
    found = grown(calm.size, [at for at in border if strange[at] < NEAR], goes_on)
    return painted_places(calm.size, found)


def _without_crumbs(subject: Image.Image) -> Image.Image:
    """The subject without what is small beside its largest piece, nor slivers on it."""
    opened = subject.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.MaxFilter(3))
    solid, seen, pieces = opened.tobytes(), set[int](), list[set[int]]()
    for at, value in enumerate(solid):
        if value and at not in seen:
            piece = grown(opened.size, [at], lambda _, beside: solid[beside] > 0)
            seen |= piece
            pieces.append(piece)
    largest = max((len(piece) for piece in pieces), default=0)
    kept = set[int]().union(*(p for p in pieces if len(p) >= CRUMB * largest))
    return painted_places(opened.size, kept)


def _weighed(study: Image.Image) -> Image.Image:
    """Lightness, and colour counted double: a shadow on the ground is still ground."""
    light, blue, red = study.convert("YCbCr").split()
    twice = [min(max(128 + (i - 128) * 2, 0), 255) for i in range(256)]
    return Image.merge("RGB", (light, blue.point(twice), red.point(twice)))


def _strangeness(study: Image.Image) -> Image.Image:
    """How far each place is from the nearest of the border's leading colours."""
    nearest = Image.new("L", study.size, 255)
    for tone in _border_tones(study):
        apart = ImageChops.difference(study, Image.new("RGB", study.size, tone))
        red, green, blue = apart.split()
        nearest = ImageChops.darker(
            nearest, ImageChops.lighter(ImageChops.lighter(red, green), blue)
        )
    return nearest


def _border_tones(study: Image.Image) -> list[tuple[int, int, int]]:
    """The leading colours of the border, but for the bottom, where subjects stand."""
    width, height = study.size
    rim, side = max(min(width, height) // 40, 1), max(height * 7 // 10, 1)
    strip = Image.new("RGB", (width + 2 * side, rim))
    strip.paste(study.crop((0, 0, width, rim)), (0, 0))
    strip.paste(study.crop((0, 0, rim, side)).transpose(Image.Transpose.TRANSPOSE), (width, 0))
    right = study.crop((width - rim, 0, width, side)).transpose(Image.Transpose.TRANSPOSE)
    strip.paste(right, (width + side, 0))
    few = strip.quantize(6, Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
    flat = few.getpalette() or []
    least = few.width * few.height * 0.06
    counted = [(n, i) for n, i in few.getcolors() or [] if isinstance(i, int)]
    return [(flat[3 * i], flat[3 * i + 1], flat[3 * i + 2]) for n, i in counted if n >= least]


def _edge(whole: Image.Image, study: Image.Image, subject: Image.Image) -> Image.Image:
    """The subject's mask at full size, its edge found again by colour."""
    ground = ImageOps.invert(subject.filter(ImageFilter.MaxFilter(3)))
    behind = continued(study, ground).resize(whole.size, Image.Resampling.BICUBIC)
    red, green, blue = ImageChops.difference(whole, behind).split()
    apart = levels(ImageChops.lighter(ImageChops.lighter(red, green), blue), 20, 58)

    def enlarged(mask: Image.Image) -> Image.Image:
        soft = mask.filter(ImageFilter.GaussianBlur(0.8))
        return levels(soft.resize(whole.size, Image.Resampling.BICUBIC), 64, 192)

    core = enlarged(subject.filter(ImageFilter.MinFilter(5)))
    most = enlarged(subject.filter(ImageFilter.MaxFilter(3)))
    return ImageChops.lighter(core, ImageChops.darker(most, apart)).filter(
        ImageFilter.GaussianBlur(0.6)
    )
