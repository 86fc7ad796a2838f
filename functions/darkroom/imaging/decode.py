"""Untrusted bytes into pixels: three formats, hard caps, and nothing kept but the pixels."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from darkroom.domain.ports import UnreadableImage

_FORMATS = ("PNG", "JPEG", "WEBP")
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
_MOST_PIXELS = 50_000_000
_LONGEST_SIDE = 12_000


def decode(body: bytes) -> Image.Image:
    """The picture, upright and in RGB or RGBA. Raises UnreadableImage."""
    if not body.startswith(_MAGIC):
        raise UnreadableImage("not a PNG, JPEG or WebP")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=_FORMATS) as opened:
                _check(opened)
                # verify() passes truncated files; only a full load finds them out.
                opened.load()
                upright = ImageOps.exif_transpose(opened)
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise UnreadableImage(str(error)) from error
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    picture = upright.convert("RGBA" if has_alpha else "RGB")
    # Comments, profiles and the like travel here, and encoders write some of them out again.
    picture.info.clear()
    return picture


def _check(opened: Image.Image) -> None:
    if max(opened.size) > _LONGEST_SIDE or opened.width * opened.height > _MOST_PIXELS:
        raise UnreadableImage("too many pixels")
    if getattr(opened, "n_frames", 1) > 1:
        raise UnreadableImage("more than one frame")
