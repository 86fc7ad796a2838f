"""The part of a page that tells what webhooks are sent."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from docs.openapi.tables import example_of, fields_of, marked, parameters_of

TITLE = "What webhooks are sent"
_PLACE = "what-webhooks-are-sent"


def contents_of_sent(document: Mapping[str, Any]) -> str:
    """Nothing where nothing is sent."""
    links = "".join(
        f'<li><a href="#{message["operationId"]}">{escape(name)}</a></li>'
        for name, message in _messages(document).items()
    )
    return f'<h2>{TITLE}</h2><ul class="names">{links}</ul>' if links else ""


def sent(document: Mapping[str, Any]) -> str:
    messages = _messages(document)
    if not messages:
        return ""
    # All of them have the same headers, and the same answers are understood.
    first = next(iter(messages.values()))
    headers = document["components"]["parameters"].values()
    answers = "".join(
        f"<tr><th><code>{status}</code></th><td>{marked(answer['description'])}</td></tr>"
        for status, answer in first["responses"].items()
    )
    told = "".join(_message(name, message) for name, message in messages.items())
    return (
        f'<h2 class=tag id="{_PLACE}">{TITLE}</h2><section>'
        "<p>A <code>POST</code> of JSON for each event that the webhook wants. Fields may be added "
        "to it: pass over those that you do not know.</p>"
        f"<h4>Headers</h4>{parameters_of(headers)}"
        f"<h4>What your answer means</h4><div class=wide><table>{answers}</table></div>"
        f"</section>{told}"
    )


def _messages(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: methods["post"] for name, methods in document.get("webhooks", {}).items()}


def _message(name: str, message: Mapping[str, Any]) -> str:
    [(kind, content)] = message["requestBody"]["content"].items()
    return (
        f'<section id="{message["operationId"]}"><h3><code>{escape(name)}</code></h3>'
        f"<p>{escape(message['summary'])}</p>"
        f"<details><summary>Body, <code>{kind}</code></summary>"
        f"{fields_of(content['schema'])}{example_of(content['example'])}</details></section>"
    )
