"""The painter: paints prompts by rules, without a network, a model or anything of Darkroom.

from painter import Commission, paint

paint(Commission("a red boat on a lake", width=640, height=480, seed=7)).save("boat.png")
"""

from painter.cutout import cut_out
from painter.painting import Commission, paint

__all__ = ["Commission", "cut_out", "paint"]
