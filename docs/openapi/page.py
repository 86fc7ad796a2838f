"""A document as a page: one file, with its style and its script, and nothing from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from darkroom.dialects.documentation import NOWHERE
from darkroom.dialects.wire import FOR_PEOPLE, FOR_PROGRAMS
from docs.openapi.curl import curl
from docs.openapi.page_sent import contents_of_sent, sent
from docs.openapi.refusals import SAYS
from docs.openapi.tables import example_of, fields_of, marked, parameters_of

_STYLE = Path(__file__).with_name("page.css")
_SCRIPT = Path(__file__).with_name("page.js")
_NAMED = re.compile(r"{(\w+)}")
_SUCCESS = "23"
Document = Mapping[str, Any]


def page(document: Document, others: Iterable[str] = ()) -> str:
    """`others` are the dialects below this one; a dialect's own page leads back."""
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
            f"</main><script>{_SCRIPT.read_text('utf-8')}</script></body></html>\n",
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
    base = document["servers"][0]["url"]
    links = " ".join(f'<a href="{base}/{name}{FOR_PEOPLE}">{name}</a>' for name in others)
    shapes = (
        f"<p>The same system in the shapes of other services: {links}</p>"
        if links
        else f'<p><a href="{NOWHERE}{FOR_PEOPLE}">Darkroom\'s own API</a></p>'
    )
    return (
        f"<header><h1>{escape(info['title'])}</h1>{texts}{shapes}"
        f'<p><a href="{base}{FOR_PROGRAMS}">OpenAPI 3.1</a>, version {info["version"]}, '
        f"at <code>{base}</code></p>{_KEY}</header>"
    )


_KEY = """\
<h2 id=keys>Keys</h2><p><code>$KEY</code> in the examples is a key of a workspace. The local run \
prints one when it starts (<code>make run</code>); on a deployment its operator makes one: \
<code>darkroom-admin key create &lt;workspace&gt;</code>. Set it once, and every example works as \
pasted:</p><pre>export KEY=&lt;your key&gt;</pre>\
<p id=key hidden><label>Your key, for this page: <input type=password autocomplete=off></label> \
<button type=button>Use it</button> <span data-key-state></span></p>"""


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
    address = _address(document, base, path, operation)
    call = escape(curl(base, method, path, operation))
    plain = escape(base + _filled(path, operation))
    return (
        f'<section id="{operation["operationId"]}" {_for_script(method, operation)}>'
        f"<h3><b class={method}>{method.upper()}</b> <code>{escape(path)}</code></h3>"
        f"<p class=summary>{escape(operation['summary'])} <span class=scope>{asks}</span></p>{text}"
        f"<pre>{_with_workspace(call.replace(plain, address, 1))}</pre>{_hint(document, path)}"
        f"{_parameters(operation)}{_body(operation)}{_answers(document, operation)}</section>"
    )


def _filled(path: str, operation: Any) -> str:
    values = {one["name"]: str(one.get("example", "")) for one in operation.get("parameters", ())}
    return _NAMED.sub(lambda found: values[found[1]], path)


def _address(document: Document, base: str, path: str, operation: Any) -> str:
    """As HTML in which the script can put the ids of this workspace."""
    parameters = {one["name"]: one for one in operation.get("parameters", ())}
    parts, end = [], 0
    for place in _NAMED.finditer(path):
        parts.append(escape(path[end : place.start()]))
        end = place.end()
        one = parameters[place[1]]
        value = escape(str(one["example"]))
        is_id = one["schema"].get("format") == "uuid"
        listed = _list_before(document, path[: place.start()])
        parts.append(f'<span data-list="{escape(listed)}">{value}</span>' if is_id else value)
    return f"<span data-url>{escape(base)}{''.join([*parts, escape(path[end:])])}</span>"


def _list_before(document: Document, beginning: str) -> str:
    """Where the ids of a path are listed: by the path before them, or else among the jobs."""
    path = beginning.rstrip("/")
    if "get" in document["paths"].get(path, {}):
        return str(document["servers"][0]["url"]) + _NAMED.sub("default", path)
    return f"{NOWHERE}/v1/jobs?limit=1"


def _hint(document: Document, path: str) -> str:
    """How to get an id for the path, where the workspace has none yet."""
    if "{" not in path:
        return ""
    beginning = path.partition("/{")[0]
    creator = document["paths"].get(beginning, {}).get("post")
    if creator is None:
        tag = next(iter(document["paths"][path].values()))["tags"][0]
        posts = [
            methods["post"]
            for other, methods in document["paths"].items()
            if "post" in methods and "{" not in other
        ]
        creator = next((one for one in posts if one["tags"] == [tag]), posts[0])
    title = escape(creator["summary"])
    return (
        "<p class=hint>The id is an example. For one of your own: "
        f'<a href="#{creator["operationId"]}">{title}</a>.</p>'
    )


def _with_workspace(call: str) -> str:
    return call.replace("X-Workspace-Id: acme", "X-Workspace-Id: <span data-workspace>acme</span>")


def _for_script(method: str, operation: Any) -> str:
    contents = list(operation.get("requestBody", {}).get("content", {}).items())
    headers = {
        one["name"]: str(one["example"])
        for one in operation.get("parameters", ())
        if one["in"] == "header" and one.get("required")
    }
    values = {"method": method.upper(), "headers": json.dumps(headers)}
    if contents:
        # JSON where there is a choice.
        kind, sent_ = contents[-1]
        indent = 2 if kind == "application/json" else None
        values |= {"kind": kind, "example": json.dumps(sent_["example"], indent=indent)}
    return " ".join(f'data-{name}="{escape(value)}"' for name, value in values.items())


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
