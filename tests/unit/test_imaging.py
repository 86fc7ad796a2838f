import io

import pytest
from PIL import Image

from darkroom.domain.image_request import Output
from darkroom.domain.worker_ports import Origin, UnreadableImage
from darkroom.imaging.decode import decode
from darkroom.imaging.finish import PillowFinisher

PAINTER = Origin(provider="painter", model="painter", trained=False)
VENDOR = Origin(provider="openai", model="gpt-image-2")


def encoded(size=(300, 200), mode="RGB", kind="PNG", **options):
    file = io.BytesIO()
    Image.new(mode, size, "teal").save(file, kind, **options)
    return file.getvalue()


def finish(body, width=128, height=96, fmt="png", origin=PAINTER):
    output = Output(format=fmt)
    return PillowFinisher().finish(body, width=width, height=height, output=output, origin=origin)


def opened(body):
    return Image.open(io.BytesIO(body))


@pytest.mark.parametrize("fmt", ["png", "jpeg", "webp"])
@pytest.mark.parametrize("size", [(128, 96), (97, 1011), (64, 64), (2000, 100)])
def test_the_file_has_exactly_the_pixels_and_the_format_asked_for(fmt, size):
    picture = opened(finish(encoded(), *size, fmt=fmt).body)
    assert (picture.size, picture.format) == (size, fmt.upper())


def test_a_picture_of_another_shape_is_trimmed_and_not_stretched():
    tall = Image.new("RGB", (100, 300), "white")
    tall.paste("black", (0, 100, 100, 200))  # a black square in the middle
    file = io.BytesIO()
    tall.save(file, "PNG")
    square = opened(finish(file.getvalue(), 100, 100).body)
    assert square.convert("L").getextrema() == (0, 0)


@pytest.mark.parametrize(("size", "thumbnail"), [((1000, 500), (384, 192)), ((100, 60), (100, 60))])
def test_a_thumbnail_is_384_pixels_at_most_and_never_larger_than_the_picture(size, thumbnail):
    small = opened(finish(encoded(), *size).thumbnail)
    assert (small.size, small.format) == (thumbnail, "JPEG")


@pytest.mark.parametrize("fmt", ["png", "jpeg", "webp"])
def test_the_file_says_what_made_it(fmt):
    assert b"digitalsourcetype/algorithmicMedia" in finish(encoded(), fmt=fmt).body
    vendor = finish(encoded(), fmt=fmt, origin=VENDOR).body
    assert b"digitalsourcetype/trainedAlgorithmicMedia" in vendor
    assert b"openai/gpt-image-2" in vendor


def test_transparency_is_kept_where_the_format_can_and_is_white_where_it_cannot():
    body = encoded(mode="RGBA")
    clear = Image.new("RGBA", (128, 96), (0, 0, 0, 0))
    file = io.BytesIO()
    clear.save(file, "PNG")
    assert opened(finish(body, fmt="webp").body).mode in ("RGB", "RGBA")
    assert opened(finish(file.getvalue(), fmt="png").body).getpixel((5, 5))[3] == 0
    assert min(opened(finish(file.getvalue(), fmt="jpeg").body).getpixel((5, 5))) > 250


def test_the_senders_own_metadata_does_not_survive():
    exif = Image.Exif()
    exif[0x010E] = "made at 12 Secret Street"
    body = encoded(kind="JPEG", exif=exif, comment=b"secret")
    assert b"ecret" in body
    assert b"ecret" not in finish(body, fmt="jpeg").body


def test_a_picture_that_lies_on_its_side_is_set_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert decode(encoded((300, 200), kind="JPEG", exif=exif)).size == (200, 300)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>no image</html>",
        b"GIF89a" + b"\0" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        encoded()[:200],
        encoded(kind="JPEG")[:300],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        encoded((13_000, 2)),
    ],
    ids=["empty", "html", "gif", "svg", "half a png", "half a jpeg", "no png", "too wide"],
)
def test_what_is_no_image_of_ours_is_refused(body):
    with pytest.raises(UnreadableImage):
        decode(body)


def test_an_animation_is_refused():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(UnreadableImage):
        decode(file.getvalue())
