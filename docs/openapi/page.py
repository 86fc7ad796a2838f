"""A document as a page: one file, no script, nothing from anywhere else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from darkroom.dialects.documentation import FOR_PEOPLE, FOR_PROGRAMS
from docs.openapi.curl import curl
from docs.openapi.page_sent import contents_of_sent, sent
from docs.openapi.refusals import SAYS
from docs.openapi.tables import example_of, fields_of, marked, parameters_of

_STYLE = Path(__file__).with_name("page.css")
_SUCCESS = "23"
Document = Mapping[str, Any]


def page(document: Document, others: Iterable[str] = ()) -> str:
    """`others` stand below this one, each under its name."""
    return "".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<title>{escape(document['info']['title'])}</title>",
            f"<style>{_STYLE.read_text('utf-8')}</style></head><body>",
            # Where there is little room the contents open by this, without a script.
            '<nav><input type="checkbox" id="contents"><label for="contents">Contents</label>',
            f"<div>{_contents(document)}</div></nav><main>",
            _head(document, tuple(others)),
            *(_tag(document, tag["name"]) for tag in document["tags"]),
            sent(document),
            _schemas(document),
            "</main></body></html>\n",
        ]
    )


def _of_tag(document: Document, tag: str) -> list[tuple[str, str, Any]]:
    return [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if tag in operation["tags"]
    ]


def _contents(document: Document) -> str:
    groups = []
    for tag in document["tags"]:
        links = "".join(
            f'<li><a href="#{operation["operationId"]}">'
            f"<b class={method}>{method.upper()}</b> {escape(operation['summary'])}</a></li>"
            for method, _, operation in _of_tag(document, tag["name"])
        )
        groups.append(f"<h2>{escape(tag['name'])}</h2><ul>{links}</ul>")
    return "".join([*groups, contents_of_sent(document)])


def _head(document: Document, others: tuple[str, ...]) -> str:
    info = document["info"]
    texts = "".join(f"<p>{marked(text)}</p>" for text in info["description"].split("\n\n"))
    links = " ".join(f'<a href="{name}{FOR_PEOPLE}">{name}</a>' for name in others)
    shapes = f"<p>The same system in the shapes of other services: {links}</p>" if links else ""
    return (
        f"<header><h1>{escape(info['title'])}</h1>{texts}{shapes}"
        f'<p><a href="{FOR_PROGRAMS.lstrip("/")}">OpenAPI 3.1</a>, version {info["version"]}, '
        f"at <code>{document['servers'][0]['url']}</code></p></header>"
    )


def _tag(document: Document, tag: str) -> str:
    operations = "".join(
        _operation(document, method, path, operation)
        for method, path, operation in _of_tag(document, tag)
    )
    return f"<h2 class=tag>{escape(tag)}</h2>{operations}"


def _operation(document: Document, method: str, path: str, operation: Any) -> str:
    scopes = {scope for one in operation["security"] for scopes in one.values() for scope in scopes}
    asks = f"needs <code>{' '.join(scopes)}</code>" if scopes else "needs no key"
    text = f"<p>{marked(operation['description'])}</p>" if "description" in operation else ""
    base = document["servers"][0]["url"]
    return (
        f'<section id="{operation["operationId"]}">'
        f"<h3><b class={method}>{method.upper()}</b> <code>{escape(path)}</code></h3>"
        f"<p class=summary>{escape(operation['summary'])} <span class=scope>{asks}</span></p>{text}"
        f"<pre>{escape(curl(base, method, path, operation))}</pre>"
        f"{_parameters(operation)}{_body(operation)}{_answers(document, operation)}</section>"
    )


def _parameters(operation: Any) -> str:
    told = parameters_of(operation.get("parameters", ()))
    return f"<h4>Parameters</h4>{told}" if told else ""


def _body(operation: Any) -> str:
    contents = operation.get("requestBody", {}).get("content", {})
    return "".join(
        f"<details open><summary>Body, <code>{kind}</code></summary>"
        f"{fields_of(sent['schema'])}</details>"
        for kind, sent in contents.items()
    )


def _answers(document: Document, operation: Any) -> str:
    good, bad = [], []
    for status, response in operation["responses"].items():
        if status[0] in _SUCCESS and "$ref" not in response:
            good.append(_good(status, response))
        else:
            bad.append(_bad(status, _found(document, response), operation[SAYS][status]))
    return (
        f"<h4>Answers</h4>{''.join(good)}<details><summary>Errors</summary>{''.join(bad)}</details>"
    )


def _found(document: Document, response: Any) -> Any:
    if "$ref" not in response:
        return response
    return document["components"]["responses"][response["$ref"].rpartition("/")[2]]


def _good(status: str, response: Any) -> str:
    title = f"<b class=good>{status}</b> {marked(response['description'])}"
    for kind, content in response.get("content", {}).items():
        shown = example_of(content["example"]) if "example" in content else ""
        return (
            f"<details><summary>{title} <code>{kind}</code></summary>"
            f"{fields_of(content['schema'])}{shown}</details>"
        )
    return f"<p class=answer>{title}</p>"


def _bad(status: str, response: Any, names: list[str]) -> str:
    examples = next(iter(response["content"].values()))["examples"]
    shown = [
        f"<code class=line>{escape(json.dumps(examples[name]['value'], ensure_ascii=False))}</code>"
        for name in names
    ]
    title = f"<b class=bad>{status}</b> {response['description']}"
    return f"<div class=answer>{title}{''.join(shown)}</div>"


def _schemas(document: Document) -> str:
    known = document["components"]["schemas"]
    if not known:
        return ""
    told = "".join(
        f'<section id="schema-{name}"><h3>{name}</h3>{fields_of(schema)}</section>'
        for name, schema in known.items()
    )
    return f"<h2 class=tag>schemas</h2>{told}"
