"""What webhooks are sent, as the native description and its page tell it."""

import json

import jsonschema
import pytest

from darkroom.domain.event_names import EventName
from darkroom.domain.webhook import signed_headers
from docs.openapi import every
from docs.openapi.samples import JOB_ID, NOW
from tests.unit.test_openapi import found, show, validator


@pytest.fixture(scope="module")
def document():
    return every.document_of("native")


@pytest.fixture(scope="module")
def messages(document):
    return {name: methods["post"] for name, methods in document["webhooks"].items()}


def body_of(message):
    return message["requestBody"]["content"]["application/json"]


def test_a_message_is_described_for_each_event_and_its_example_is_one(document, messages):
    assert messages.keys() == set(EventName)
    for name, message in messages.items():
        schema = validator(document, body_of(message)["schema"])
        example = body_of(message)["example"]
        schema.validate(example)
        assert example["type"] == f"darkroom.{name}"
        with pytest.raises(jsonschema.ValidationError):
            schema.validate({**example, "type": "darkroom.else"})


def test_only_the_native_description_has_messages():
    assert [name for name in every.NAMES if "webhooks" in every.document_of(name)] == ["native"]


def test_it_is_told_which_answers_deliver_and_which_switch_off(messages):
    for message in messages.values():
        assert message["responses"].keys() == {"2XX", "410", "default"}
        assert message["security"] == []


def test_the_headers_of_a_message_are_those_that_it_is_signed_with(document, messages):
    signed = signed_headers(JOB_ID, NOW, "{}", [b"old", b"new"])
    for message in messages.values():
        headers = [found(document, parameter["$ref"]) for parameter in message["parameters"]]
        assert [header["name"] for header in headers] == list(signed)
        for header in headers:
            assert (header["in"], header["required"]) == ("header", True)
            is_number = header["schema"]["type"] == "integer"
            value = signed[header["name"]]
            schema = validator(document, header["schema"])
            schema.validate(header["example"])
            schema.validate(int(value) if is_number else value)


def test_the_schema_of_an_event_is_the_one_that_is_handed_out(document, messages):
    handed_out = json.loads((every.FOLDER / "events.json").read_text("utf-8"))
    for name, message in messages.items():
        schema = found(document, body_of(message)["schema"]["$ref"])
        assert schema["properties"].keys() == handed_out[name]["properties"].keys()
        assert schema["required"] == handed_out[name]["required"]
        assert schema["description"] == handed_out[name]["description"]


def test_the_page_has_them_in_a_section_of_their_own(document, messages):
    page = show("/docs").body
    shared = page.partition('id="what-webhooks-are-sent"')[2].partition("</section>")[0]
    headers = [header["name"] for header in document["components"]["parameters"].values()]
    for told in (*headers, *messages["job.failed"]["responses"]):
        assert f"<th><code>{told}</code>" in shared
    for name, message in messages.items():
        assert f'<section id="{message["operationId"]}"><h3><code>{name}</code></h3>' in page
        assert f'<a href="#{message["operationId"]}">{name}</a>' in page
    assert "what-webhooks-are-sent" not in show("/supapost/docs").body


def test_the_page_does_not_list_what_is_internal():
    assert "/v1/callbacks" not in show("/docs").body
