"""Untrusted bytes into pixels: three formats, hard caps, and nothing kept but the pixels."""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass

from PIL import Image

from darkroom.domain.media import LARGEST_UPLOAD
from darkroom.domain.worker_ports import UnreadableImage
from darkroom.imaging.jpeg import strip_jpeg
from darkroom.imaging.png import strip_png
from darkroom.imaging.stripped import StrippedImage
from darkroom.imaging.webp import strip_webp

_LONGEST_SIDE = 12_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    file_bytes: int
    pixels: int
    costly_pixels: int  # of files that are costly to decode: see Bare


FROM_PROVIDERS = Limits(file_bytes=64 * 1024**2, pixels=50_000_000, costly_pixels=50_000_000)
# What a phone takes; where it is costly, as much as the largest picture of our own. With these,
# no refusal takes more than 200 MB.
FROM_ANYONE = Limits(file_bytes=LARGEST_UPLOAD, pixels=25_000_000, costly_pixels=4096 * 4096)

_READERS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), strip_png),
    (re.compile(rb"\xff\xd8\xff"), strip_jpeg),
    (re.compile(rb"(?s)RIFF.{4}WEBP"), strip_webp),
)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode(body: bytes) -> Image.Image:
    """A provider's picture, upright and in RGB or RGBA. Raises UnreadableImage."""
    return decoded(strip(body, FROM_PROVIDERS))


def strip(body: bytes, limits: Limits) -> StrippedImage:
    """Checked as far as that goes without decoding. Raises UnreadableImage."""
    if len(body) > limits.file_bytes:
        raise UnreadableImage("too many bytes")
    reader = next((reader for magic, reader in _READERS if magic.match(body)), None)
    if reader is None:
        raise UnreadableImage("not a PNG, JPEG or WebP")
    file = reader(body)
    pixels = file.width * file.height
    if not pixels:
        raise UnreadableImage("no pixels")
    most = limits.costly_pixels if file.costly else limits.pixels
    if pixels > most or max(file.width, file.height) > _LONGEST_SIDE:
        raise UnreadableImage("too many pixels")
    return file


def decoded(file: StrippedImage) -> Image.Image:
    """The picture, upright and in RGB or RGBA. Raises UnreadableImage."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(file.body), formats=[file.format]) as opened:
                _check(opened, file)
                # verify() passes truncated files; only a full load finds them out.
                opened.load()
                picture = _upright(_plain(opened), file.orientation)
    except UnreadableImage:
        raise
    except Exception as error:
        # Whatever garbage makes Pillow raise: struct.error, IndexError, MemoryError, zlib.error…
        raise UnreadableImage(f"{type(error).__name__}: {error}") from error
    # Comments, profiles and the like travel here, and encoders write some of them out again.
    picture.info.clear()
    return picture


def _check(opened: Image.Image, file: StrippedImage) -> None:
    """That Pillow sees the picture that was checked."""
    if opened.size != (file.width, file.height) or getattr(opened, "n_frames", 1) > 1:
        raise UnreadableImage("another picture than its header says")


def _plain(opened: Image.Image) -> Image.Image:
    """In RGB or RGBA. No copy of one that is: it may be 100 MB."""
    if opened.mode == "I;16":
        # Pillow would cut 16 bits off at 255, all white, rather than scale them.
        return opened.point(lambda value: value / 256).convert("L").convert("RGB")
    has_alpha = "A" in opened.getbands() or "transparency" in opened.info
    mode = "RGBA" if has_alpha else "RGB"
    return opened if opened.mode == mode else opened.convert(mode)


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    turn = _TURNS.get(orientation)
    return picture if turn is None else picture.transpose(turn)
