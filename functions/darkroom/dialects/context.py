"""What a dialect may look at while it reads a request or writes an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from darkroom.dialects.headers import idempotency_key, preferred_wait
from darkroom.dialects.parameters import Parameter, Value, id_of, is_id
from darkroom.dialects.wire import Request
from darkroom.domain.address_texts import refused_address_text
from darkroom.domain.catalogue import Catalogue
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.operations import Caller
from darkroom.domain.web_addresses import BadAddress, WebPolicy

# A file's name → its signed address.
FileLink = Callable[[str], str]


class Submission(TypedDict):
    dialect: str
    fingerprint: str
    idempotency_key: str | None
    wait: int


@dataclass(slots=True, kw_only=True)
class RequestContext:
    request: Request  # with its path as the dialect documents it
    dialect: str
    path: Mapping[str, str] = field(default_factory=dict)  # the parameters in the path
    catalogue: Catalogue
    caller: Caller | None  # None on a route that asks for no key
    web: WebPolicy
    fresh_seed: int  # for a request that names none
    file_url: FileLink
    # Of the body as it was sent: what the server fills in differs at each try.
    fingerprint: str = ""
    # What the client preferred (RFC 7240), where the dialect has kept to it.
    granted_wait: int = 0
    job: str = ""  # the one that the answer is about

    @property
    def workspace(self) -> str:
        if self.caller is None:
            raise ValueError("this route asks for no key")
        return self.caller.workspace

    @property
    def caller_key(self) -> str:
        if self.caller is None:
            raise ValueError("this route asks for no key")
        return self.caller.key

    def query(self, parameter: Parameter[Value]) -> Value:
        return parameter.read(self.request.query)

    def id(self, kind: str, name: str = "id") -> str:
        """The id in the path, of something of this kind."""
        return id_of(kind, self.path[name])

    def wait(self, default: int = 0) -> int:
        """The seconds that the client prefers to wait (RFC 7240), or else the default."""
        preferred = preferred_wait(self.request)
        if preferred is None:
            return default
        self.granted_wait = preferred
        return preferred

    def submission(self, wait: int | None = None) -> Submission:
        """What every submit has beside its body. Without `wait`, the client's preference holds."""
        if wait is None:
            wait = self.wait()
        return {
            "dialect": self.dialect,
            "fingerprint": self.fingerprint,
            "idempotency_key": idempotency_key(self.request),
            "wait": wait,
        }

    def web_address(self, field_name: str, url: str) -> str:
        """Checked as far as can be without a call to where it leads."""
        try:
            self.web.check(url)
        except BadAddress as error:
            text = refused_address_text(field_name, error.reason, self.web)
            raise InvalidRequest(field_name, "address", text) from None
        return url

    def images(self, field_name: str, given: Iterable[str]) -> tuple[str, ...]:
        """Each is the id of a media, or an address on the web."""
        return tuple(
            image.lower() if is_id(image) else self.web_address(f"{field_name}.{index}", image)
            for index, image in enumerate(given)
        )
