"""Options that a provider has no field for, put into the words of the prompt."""

from __future__ import annotations

from typing import Literal

from darkroom.domain.image_request import ImageRequest

_CLOSE, _LOOSE = 0.67, 0.33


def prompt_with(request: ImageRequest, *fields: Literal["negative_prompt", "strength"]) -> str:
    """The prompt, with these wishes added where the request has them."""
    said = [request.prompt] if request.prompt else []
    if "negative_prompt" in fields and request.negative_prompt:
        said.append(f"Leave out: {request.negative_prompt}.")
    if "strength" in fields and request.strength is not None and request.references:
        said.append(_following(request.strength))
    return "\n\n".join(said)


def _following(strength: float) -> str:
    if strength >= _CLOSE:
        return "Stay very close to the reference picture."
    if strength <= _LOOSE:
        return "Take the reference picture as a loose inspiration only."
    return "Follow the reference picture in its main features."
