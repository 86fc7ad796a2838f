"""What is known of each dialect, from the files that `make docs` writes beside the code."""

from __future__ import annotations

import json
from importlib import resources

from darkroom.domain.errors import NotFound
from darkroom.domain.operations import ShowDescription, ShowEventSchemas
from darkroom.domain.outcomes import Description, Schemas


def show_description(operation: ShowDescription) -> Description:
    name = f"{operation.dialect}.{operation.form}"
    # Read when it is asked for: no other request should pay for it.
    return Description(text=_file(name))


def show_event_schemas(operation: ShowEventSchemas) -> Schemas:
    every = json.loads(_file("events.json"))
    if operation.name is None:
        return Schemas(every)
    if operation.name not in every:
        raise NotFound("schema")
    return Schemas(every[operation.name])


def _file(name: str) -> str:
    return resources.files("darkroom").joinpath("openapi", name).read_text("utf-8")
