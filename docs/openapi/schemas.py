"""JSON schemas of answers and of request bodies, from the types that dialects declare."""

from __future__ import annotations

import ast
import inspect
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from darkroom.dialects.bodies import Body, model_of
from darkroom.dialects.fields import Schema as Words

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
UUID: Schema = {"type": "string", "format": "uuid"}
_PLAIN: Mapping[Any, Schema] = {
    str: TEXT,
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    Any: {},
}
# What a class is called in Python beside what it is called in the documentation.
_SUFFIX = "Answer"


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def name_of(kind: Any) -> str:
    return str(kind.__name__).removesuffix(_SUFFIX)


# What fields with these names mean everywhere, unless a type says it in its own words.
COMMON = tomllib.loads(Path(__file__).with_name("fields.toml").read_text("utf-8"))


class Components:
    """The schemas of all types that a document names, each once."""

    def __init__(self) -> None:
        self._kinds: dict[str, Any] = {}
        self.schemas: dict[str, Schema] = {}

    def schema(self, kind: Any) -> Schema:
        """Of a type; that of a TypedDict is a component, and referred to."""
        origin = get_origin(kind)
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        if origin is not None:
            return self._of_arguments(origin, get_args(kind))
        if is_typeddict(kind):
            return self._component(kind)
        if issubclass(kind, Enum):
            return {"type": "string", "enum": [member.value for member in kind]}
        raise TypeError(f"no schema is known for {kind}")

    def _of_arguments(self, origin: Any, arguments: tuple[Any, ...]) -> Schema:
        if origin is Annotated:
            return self._annotated(arguments[0], arguments[1:])
        if origin is Literal:
            return _literal(arguments)
        if origin in {Union, UnionType}:
            return {"anyOf": [self.schema(one) for one in arguments]}
        if origin is list:
            return {"type": "array", "items": self.schema(arguments[0])}
        if origin is dict:
            values = self.schema(arguments[1])
            return {"type": "object", **({"additionalProperties": values} if values else {})}
        # A generic TypedDict is written out where it stands.
        return self._record(origin, dict(zip(origin.__parameters__, arguments, strict=True)))

    def _component(self, kind: Any) -> Schema:
        name = name_of(kind)
        if self._kinds.setdefault(name, kind) is not kind:
            raise TypeError(f"two types are called {name}")
        if name not in self.schemas:
            self.schemas[name] = {}  # before what refers to it
            self.schemas[name] = self._record(kind, {})
        return ref(name)

    def _record(self, kind: Any, arguments: Mapping[TypeVar, Any]) -> Schema:
        texts = dict(_texts(kind))
        properties, required = {}, []
        for name, hint in get_type_hints(kind, include_extras=True).items():
            is_optional = get_origin(hint) is NotRequired
            field = get_args(hint)[0] if is_optional else hint
            properties[name] = _said(name, self.schema(_filled(field, arguments)), texts)
            if not is_optional:
                required.append(name)
        text = inspect.cleandoc(kind.__doc__ or "")
        return {
            "type": "object",
            **({"description": text} if text else {}),
            "properties": properties,
            **({"required": required} if required else {}),
            "additionalProperties": False,
        }

    def _annotated(self, kind: Any, notes: tuple[Any, ...]) -> Schema:
        words: Schema = {}
        for note in notes:
            if isinstance(note, Words):
                words |= note.words
        return {**self.schema(kind), **words}


def _said(name: str, schema: Schema, texts: Mapping[str, str]) -> Schema:
    """With its description: the type's own, or that of every field with this name."""
    text = texts.get(name) or schema.get("description") or COMMON.get(name)
    return {**schema, "description": text} if text else schema


def _filled(kind: Any, arguments: Mapping[TypeVar, Any]) -> Any:
    if isinstance(kind, TypeVar):
        return arguments[kind]
    if get_origin(kind) is list:
        return list[_filled(get_args(kind)[0], arguments)]  # type: ignore[misc]
    return kind


def _literal(values: tuple[Any, ...]) -> Schema:
    if len(values) == 1:
        return {"const": values[0]}
    return {"type": "string", "enum": list(values)}


def _texts(kind: Any) -> Iterator[tuple[str, str]]:
    """The description of each field: the string that follows it in the class, or in a base."""
    module = inspect.getmodule(kind)
    bases, texts = _read_module(module).get(kind.__name__, ((), {}))
    for name in bases:
        base = getattr(module, name, None)
        if is_typeddict(base):
            yield from _texts(base)
    yield from texts.items()


@cache
def _read_module(module: Any) -> Mapping[str, tuple[list[str], dict[str, str]]]:
    """Of each class in its source: the names of its bases, and the texts of its fields."""
    found = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        texts = {}
        for field, text in zip(node.body, node.body[1:], strict=False):
            match field, text:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(words))),
                ):
                    texts[name] = " ".join(words.split())
        found[node.name] = ([base.id for base in node.bases if isinstance(base, ast.Name)], texts)
    return found


def body_schema(body: type[Body]) -> Schema:
    """As the model that reads it says, with the descriptions of its fields.

    A null is forgiven and means "not given", so that it is no documented value.
    """
    raw = model_of(body).model_json_schema()
    known = {name: _described(one, body, name) for name, one in raw.pop("$defs", {}).items()}
    schema: Schema = _plain(_described(raw, body, body.__name__), known)
    for name, field in schema["properties"].items():
        # Its absence has an error of its own, and its default is no value.
        if "enum" in field and field.get("default", field["enum"][0]) not in field["enum"]:
            del field["default"]
            schema["required"] = [*schema.get("required", ()), name]
    return schema


def _described(schema: Schema, body: type[Body], name: str) -> Schema:
    """Of the class of this name: in the module of the body, or imported there."""
    kind = getattr(inspect.getmodule(body), name)
    texts = _read_module(inspect.getmodule(kind))[name][1]
    properties = {field: _said(field, one, texts) for field, one in schema["properties"].items()}
    return {**schema, "properties": properties}


def _plain(value: Any, known: Mapping[str, Any]) -> Any:
    """Without titles and nulls, and with what is referred to written out."""
    if isinstance(value, list):
        return [_plain(one, known) for one in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        inner = _plain(known[value["$ref"].rpartition("/")[2]], known)
        return {**inner, **{name: one for name, one in value.items() if name != "$ref"}}
    if "properties" in value:
        fields = {name: _plain(field, known) for name, field in value["properties"].items()}
        rest = {name: one for name, one in value.items() if name != "properties"}
        return _plain(rest, known) | {"properties": fields}
    plain = {name: _plain(one, known) for name, one in value.items() if name != "title"}
    return _without_null(plain)


def _without_null(schema: Schema) -> Schema:
    choices = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(choices) == 1:
        rest = {name: one for name, one in schema.items() if name != "anyOf"}
        schema = {**choices[0], **rest}
    if "default" in schema and schema["default"] is None:
        del schema["default"]
    return schema


def texts_of(function: Any) -> tuple[str, str]:
    """The title and the text of an operation, from the docstring of the function that reads it."""
    title, _, text = inspect.cleandoc(function.__doc__ or "").partition("\n")
    paragraphs = textwrap.dedent(text).strip().split("\n\n")
    return title, "\n\n".join(" ".join(one.split()) for one in paragraphs if one)


def answer_types(function: Any) -> tuple[Any, ...]:
    """The types of the bodies that a function may answer with."""
    hint = get_type_hints(function, include_extras=True)["return"]
    kinds = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
    found: list[Any] = []
    for kind in kinds:
        inner = get_args(kind)[0] if getattr(get_origin(kind), "__name__", "") == "Answer" else kind
        is_union = get_origin(inner) in {Union, UnionType}
        found += get_args(inner) if is_union else (inner,)
    return tuple(dict.fromkeys(found))
