"""The providers by name. A new one is a module and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from darkroom.providers.exchange import Adapter, HttpReply
from darkroom.providers.painter import adapter as painter
from darkroom.providers.painter import service

ADAPTERS: Mapping[str, Adapter] = {
    "painter": painter.PainterAdapter(),
}
# Hosts that live in this process.
IN_PROCESS: Mapping[str, Callable[[bytes], HttpReply]] = {
    painter.HOST: service.answer,
}
