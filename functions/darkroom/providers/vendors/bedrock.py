"""Stability AI's models on Amazon Bedrock, through InvokeModel.

Nothing is signed here: who answers this host asks Bedrock with the deployment's own rights, and
gives its errors as `{"code": …, "message": …}`.
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-stability-diffusion.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from darkroom.providers.adapter import ErrorReply, JsonAdapter
from darkroom.providers.files import base64_of, white_mask
from darkroom.providers.interface import (
    Failed,
    FailureKind,
    HttpRequest,
    Images,
    ProviderRequest,
    Refused,
    Started,
)
from darkroom.providers.replies import code_of, dig, entries, picture
from darkroom.providers.sizing import nearest_ratio
from darkroom.providers.wording import prompt_with

HOST = "bedrock.invalid"

_RATIOS = ("16:9", "1:1", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21")
# 0 stands for a random one.
_SEEDS = 2**32 - 1
_PNG = {"output_format": "png"}
_CUT_OUT, _INPAINT, _CORE, _SD3 = "remove-background", "inpaint", "-core-", "sd3"
# Needed beside each picture; this is for requests that do not say.
_USUAL_STRENGTH = 0.5
_OF_CODE = {
    "ServiceQuotaExceededException": FailureKind.RATE_LIMITED,
    "ModelErrorException": FailureKind.TRANSIENT,
}
# One exception stands for much, and only its sentence says for what.
_INVALID = "ValidationException"
_GONE = re.compile(
    r"model identifier is invalid|on-demand throughput|end of its life", re.IGNORECASE
)
_FILTERED = re.compile(r"content filter|content polic|responsible ai", re.IGNORECASE)


class Bedrock(JsonAdapter):
    base_url = f"https://{HOST}"

    def headers(self) -> Mapping[str, str]:
        return {"accept": "application/json"}

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        path = f"/model/{quote(wanted.model, safe='')}/invoke"
        return self.ask("POST", path, _body(wanted))

    def started(self, data: Any) -> Started:
        # What was filtered, or went wrong, comes with a 200 as well.
        reason = dig(data, "finish_reasons", 0)
        if reason is None:
            return Images(bodies=tuple(picture(code) for code in entries(data, "images")))
        if str(reason).startswith("Filter reason"):
            return Refused(reason=code_of(str(reason).replace(":", "")))
        return Failed(kind=FailureKind.TRANSIENT, reason=code_of(reason))

    def read_error(self, error: ErrorReply) -> Refused | Failed | None:
        if error.word in _OF_CODE:
            return Failed(kind=_OF_CODE[error.word], reason=error.word)
        if error.word == _INVALID:
            said = str(dig(error.data, "message"))
            if _GONE.search(said):
                return Failed(kind=FailureKind.MODEL_GONE, reason=error.word)
            if _FILTERED.search(said):
                return Refused(reason=error.word)
        return None


def _body(wanted: ProviderRequest) -> dict[str, Any]:
    references, mask = wanted.pictures.references, wanted.pictures.mask
    picture_ = {"image": base64_of(references[0])} if references else {}
    if _CUT_OUT in wanted.model:
        return picture_ | _PNG
    request = wanted.request
    is_inpainting = _INPAINT in wanted.model
    words = prompt_with(request, "strength") if is_inpainting else prompt_with(request)
    fields: dict[str, Any] = {"prompt": words, "seed": wanted.seed % _SEEDS or 1, **_PNG}
    if request.negative_prompt:
        fields["negative_prompt"] = request.negative_prompt
    if is_inpainting:
        if mask is not None and references:
            fields["mask"] = base64_of(white_mask(mask, references[0]))
        return fields | picture_
    is_after_picture = bool(references) and _CORE not in wanted.model
    if _SD3 in wanted.model:
        fields["mode"] = "image-to-image" if is_after_picture else "text-to-image"
    if not is_after_picture:  # else it keeps the shape of its picture
        ratio = nearest_ratio(request.width, request.height, _RATIOS)
        return {**fields, "aspect_ratio": ratio}
    # Theirs is how much changes.
    close = request.strength
    strength = _USUAL_STRENGTH if close is None else round(1 - close, 4)
    return {**fields, **picture_, "strength": strength}
