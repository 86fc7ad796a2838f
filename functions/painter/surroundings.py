"""Carrying on what is known of a picture across what is not."""

from __future__ import annotations

from PIL import Image, ImageFilter

from painter.styles.sheets import working

STUDY = 160  # the longest side of what comes of it


def continued(picture: Image.Image, known: Image.Image) -> Image.Image:
    """A small picture in which the tones of the known places, white, run on into the others."""
    small = working(picture, STUDY)
    layer = small.copy()
    # A place that is known in part only would bring in what is to be forgotten.
    shares = known.resize(small.size, Image.Resampling.BOX)
    sure = shares.point([0] * 255 + [255])
    layer.putalpha(sure if sure.getbbox() else shares.point([0] + [255] * 255))
    layers = [layer]
    while max(layer.size) > 1:
        half = ((layer.width + 1) // 2, (layer.height + 1) // 2)
        layer = layer.resize(half, Image.Resampling.BOX)
        # Whatever is known of a place fills it, or the tones would thin out on the way up.
        layer.putalpha(layer.getchannel("A").point([min(i * 4, 255) for i in range(256)]))
        layers.append(layer)
    whole = layers.pop()
    if not known.getbbox():
        return small
    whole.putalpha(255)
    for layer in reversed(layers):
        wider = whole.resize(layer.size, Image.Resampling.BICUBIC)
        whole = Image.alpha_composite(wider, layer)
    return whole.convert("RGB").filter(ImageFilter.GaussianBlur(2))
