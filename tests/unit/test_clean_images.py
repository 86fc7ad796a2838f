import io
import struct

import pytest
from PIL import Image

from darkroom.domain.worker_ports import UnreadableImage
from darkroom.imaging.exif import orientation_of
from darkroom.imaging.finish import PillowFinisher
from tests.hostile import pngs

ON_ITS_SIDE = 6


def clean(body):
    return PillowFinisher().clean(body)


def opened(body):
    return Image.open(io.BytesIO(body))


def exif(order, *tags):
    """Of these tags: a number, a kind and a value of 16 bits each."""
    start = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, len(tags))
    return start + b"".join(
        struct.pack(f"{order}HHIHH", tag, kind, 1, value, 0) for tag, kind, value in tags
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_keeps_its_format_and_its_size_and_gets_a_thumbnail(kind):
    cleaned = clean(pngs.drawn(kind, side=500))
    assert (cleaned.format, cleaned.width, cleaned.height) == (kind.lower(), 500, 500)
    assert (opened(cleaned.body).format, opened(cleaned.body).size) == (kind, (500, 500))
    assert opened(cleaned.thumbnail).size == (384, 384)


def test_a_png_keeps_every_pixel():
    body = pngs.drawn("PNG", mode="RGBA")
    assert opened(clean(body).body).tobytes() == opened(body).tobytes()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_transparency_stays(kind):
    file = io.BytesIO()
    Image.new("RGBA", (64, 64), (200, 0, 0, 100)).save(file, kind)
    assert opened(clean(file.getvalue()).body).getpixel((5, 5))[3] == 100


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_that_lies_on_its_side_is_set_upright_in_each_format(kind):
    file = io.BytesIO()
    tag = Image.Exif()
    tag[0x0112] = ON_ITS_SIDE
    Image.new("RGB", (300, 200)).save(file, kind, exif=tag)
    cleaned = clean(file.getvalue())
    assert (cleaned.width, cleaned.height) == opened(cleaned.body).size == (200, 300)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (exif("<", (0x0112, 3, 6)), 6),
        (exif(">", (0x0112, 3, 8)), 8),
        (b"Exif\0\0" + exif(">", (0x0100, 3, 3), (0x0112, 3, 2)), 2),
        (exif("<", (0x0112, 3, 0)), 1),
        (exif("<", (0x0112, 3, 9)), 1),
        (exif("<", (0x0112, 2, 6)), 1),
        (exif("<", (0x0112, 3, 6))[:12], 1),
        (exif("<")[:4], 1),
        (b"", 1),
        (b"XX*\0" + bytes(50), 1),
    ],
)
def test_the_orientation_is_read_and_anything_odd_is_upright(given, expected):
    assert orientation_of(given) == expected


def test_sixteen_bits_of_grey_become_eight_and_not_white():
    grey = Image.new("I;16", (8, 8), 0x8000)
    file = io.BytesIO()
    grey.save(file, "PNG")
    assert opened(clean(file.getvalue()).body).getpixel((0, 0)) == (128, 128, 128)


def test_of_a_phones_two_pictures_the_first_is_taken():
    file = io.BytesIO()
    first, second = Image.new("RGB", (64, 48), "white"), Image.new("RGB", (64, 48), "black")
    first.save(file, "MPO", save_all=True, append_images=[second])
    assert opened(clean(file.getvalue()).body).getpixel((5, 5)) == (255, 255, 255)


def test_an_error_of_pillow_of_any_kind_is_a_refusal(monkeypatch):
    def fails(_self):
        raise MemoryError

    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load_prepare", fails)
    with pytest.raises(UnreadableImage, match="MemoryError"):
        clean(pngs.drawn("PNG"))
