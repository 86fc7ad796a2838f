"""Rain, snow, fog and lightning over a finished scene."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image, ImageChops

from painter import curves
from painter.colour import lighter, mix, rgb
from painter.noise import field, levels
from painter.stage import Stage


def rain(stage: Stage) -> None:
    """Slanting strokes, a few long and near."""
    rng = stage.chance.stream("rain")
    lean = rng.uniform(-0.3, 0.3)
    far: list[list[curves.Point]] = []
    near: list[list[curves.Point]] = []
    for _ in range(stage.many(230 * min(stage.w * stage.h, 10))):
        x, y, long = (
            rng.uniform(-0.2, stage.w + 0.2),
            rng.uniform(-0.1, stage.h),
            rng.uniform(0.02, 0.075),
        )
        drop = curves.ribbon(
            [(x, y), (x + lean * long, y + long)], 0.0014 if long < 0.05 else 0.0024
        )
        (near if long > 0.06 else far).append(drop)
    tone = lighter(stage.palette.haze, 0.4)
    stage.canvas.fill(far, tone, 0.34)
    stage.canvas.fill(near, tone, 0.42)


def snow(stage: Stage) -> None:
    """Flakes in three distances."""
    rng = stage.chance.stream("snow")
    for size, count, soft, opacity in (
        (0.0024, 170, 0.0, 0.7),
        (0.005, 60, 0.0012, 0.85),
        (0.014, 12, 0.006, 0.65),
    ):
        flakes = []
        for _ in range(stage.many(count * min(stage.w * stage.h, 10))):
            r = size * rng.uniform(0.6, 1.4)
            flakes.append(curves.oval(rng.random() * stage.w, rng.random() * stage.h, r, r, 12))
        stage.canvas.fill(flakes, rgb("fbfcff"), opacity, soft)


def fog(stage: Stage) -> None:
    """Banks of mist, thickest at the horizon."""
    rng = stage.chance.stream("fog")
    canvas, tone = stage.canvas, lighter(stage.palette.haze, 0.15)
    for k in range(3):
        bank = levels(field(rng, max(round(stage.w * 1.5), 1), 2, 4), 50, 240)
        top = stage.horizon - 0.22 + 0.16 * k
        canvas.veil(
            _feathered(bank), tone, 0.62 - 0.12 * k, canvas.pixels(0, top, stage.w, top + 0.42)
        )


def _feathered(bank: Image.Image) -> Image.Image:
    ramp = Image.linear_gradient("L").point(
        [round(255 * (1 - abs(i / 127.5 - 1)) ** 0.8) for i in range(256)]
    )
    return ImageChops.multiply(bank, ramp.resize(bank.size))


def storm(stage: Stage) -> None:
    """A bolt and its light."""
    rng = stage.chance.stream("bolt")
    if not stage.scene.allows("lightning"):
        return
    x, y = stage.w * rng.uniform(0.25, 0.75), 0.0
    trunk, forks = [(x, y)], []
    while y < stage.horizon:
        x, y = x + rng.uniform(-0.05, 0.05), y + rng.uniform(0.03, 0.07)
        trunk.append((x, y))
        if rng.random() < 0.3:
            fork, fx, fy = [(x, y)], x, y
            side = rng.choice([-1, 1])
            for _ in range(rng.randint(3, 5)):
                fx, fy = fx + side * rng.uniform(0.01, 0.05), fy + rng.uniform(0.015, 0.04)
                fork.append((fx, fy))
            forks.append(curves.ribbon(fork, curves.tapered(0.004, 0.001)))
    tone = mix(rgb("fffbe8"), stage.palette.sky[-1], 0.1)
    stage.canvas.glow((trunk[len(trunk) // 2][0], stage.horizon * 0.5), 0.6, tone, 0.5, 1.8)
    stage.canvas.fill([curves.ribbon(trunk, 0.014)], tone, 0.5, 0.012)
    stage.canvas.fill([curves.ribbon(trunk, curves.tapered(0.0075, 0.003)), *forks], tone)
    rain(stage)


WEATHER: dict[str, Callable[[Stage], None]] = {
    "rain": rain,
    "snow": snow,
    "fog": fog,
    "storm": storm,
}


def paint_weather(stage: Stage) -> None:
    """Whatever the prompt asks of the sky to fall."""
    for name in stage.scene.weather:
        if name in WEATHER:
            WEATHER[name](stage)
