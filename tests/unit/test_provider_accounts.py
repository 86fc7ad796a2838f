"""What is known of the providers' accounts: from their secrets, and from a machine of one's own."""

import json
from dataclasses import fields
from types import SimpleNamespace

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from darkroom.bootstrap.providers import Adapters, read_account
from darkroom.providers.interface import NoAnswer
from darkroom.providers.registry import Provider, providers
from infra.local.provider_keys import _dotenv, found_keys, keep_keys
from infra.provider_rows import provider_names, provider_rows
from tests.fakes.google_tokens import account_file

PREFIX = "darkroom/test/"
WITH_KEY = tuple(name for name, provider in providers().items() if not provider.keyless)


class Secrets:
    """Secrets Manager, as far as it is read; an exception in the place of a text is raised."""

    def __init__(self, **texts):
        self.texts, self.reads = texts, []

    def get_secret_value(self, *, SecretId):  # noqa: N803 - AWS's own name
        self.reads.append(SecretId)
        text = self.texts.get(SecretId.removeprefix(PREFIX))
        if text is None:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetSecretValue")
        if isinstance(text, Exception):
            raise text
        return {"SecretString": text}


class Machine:
    def __init__(self, **texts):
        self.secrets, self.seconds = Secrets(**texts), 1000.0
        self.adapters = Adapters(lambda: self.secrets, PREFIX, lambda: self.seconds)

    def account_of(self, name):
        return dict(self.adapters.of(name).account)


def test_an_account_is_read_when_it_is_first_needed_and_then_kept():
    machine = Machine(openai="sk-1", fal="f-1")
    assert machine.secrets.reads == []
    first = machine.adapters.of("openai")
    assert machine.adapters.of("openai") is first
    assert machine.secrets.reads == [PREFIX + "openai"]


def test_a_key_that_was_changed_is_used_after_five_minutes():
    machine = Machine(openai="sk-1")
    machine.adapters.of("openai")
    machine.secrets.texts["openai"] = "sk-2"
    machine.seconds += 299.9
    assert machine.account_of("openai") == {"key": "sk-1"}
    machine.seconds += 0.1
    assert machine.account_of("openai") == {"key": "sk-2"}
    machine.seconds += 299.9
    machine.account_of("openai")
    assert len(machine.secrets.reads) == 2


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("sk-1", {"key": "sk-1"}),
        (" sk-1\n", {"key": "sk-1"}),
        ('{"key": "a", "secret": "b"}', {"key": "a", "secret": "b"}),
        ('\n{"key": "a", "base_url": ""}\n', {"key": "a"}),
        ('{"key": 12345678}', {"key": "12345678"}),
    ],
)
def test_a_secret_is_a_bare_key_or_a_json_object(text, account):
    assert Machine(openai=text).account_of("openai") == account


@pytest.mark.parametrize(
    "text",
    [None, "", " \n", '{"key": ', '{"base_url": "https://a.test"}'],
    ids=["missing", "empty", "blank", "half", "nothing of use"],
)
def test_no_secret_to_read_is_a_lookup_error_and_looked_for_again(text):
    machine = Machine(openai=text)
    with pytest.raises(LookupError):
        machine.adapters.of("openai")
    machine.secrets.texts["openai"] = "sk-1"
    assert machine.account_of("openai") == {"key": "sk-1"}


def test_nobody_says_no_key_because_aws_was_away():
    machine = Machine(openai=EndpointConnectionError(endpoint_url="https://secrets"))
    with pytest.raises(NoAnswer):
        machine.adapters.of("openai")
    machine.secrets.texts["openai"] = "sk-1"
    assert machine.account_of("openai") == {"key": "sk-1"}


def test_a_secret_that_cannot_be_read_is_not_told():
    with pytest.raises(LookupError) as caught:
        read_account('{"key": "sk-1')
    assert "sk-1" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_an_unknown_provider_is_a_lookup_error_and_reads_nothing():
    machine = Machine()
    with pytest.raises(LookupError):
        machine.adapters.of("midjourney")
    assert machine.secrets.reads == []


@pytest.mark.parametrize("name", ["painter", "bedrock"])
def test_a_provider_that_asks_for_no_key_reads_no_secret(name):
    machine = Machine()
    assert machine.adapters.of(name)
    assert machine.secrets.reads == []


def test_what_is_the_same_for_everybody_stands_in_the_row():
    machine = Machine(azure='{"key": "a", "base_url": "https://me.test"}')
    assert machine.account_of("azure")["auth_header"] == "api-key"


# The rows.


@pytest.mark.parametrize("name", provider_rows())
def test_a_row_has_known_fields_and_names_an_adapter_that_can_be_asked(name):
    row = provider_rows()[name]
    assert row.keys() <= {field.name for field in fields(Provider)}
    whole = dict.fromkeys((*row.get("variables", {}), "base_url"), "https://a.test")
    adapter = providers()[name].adapter_for(whole)
    for method in ("start", "read_start", "poll", "read_poll", "cancel", "check"):
        assert callable(getattr(adapter, method))


def plausible(field):
    return account_file() if field == "service_account" else "https://a.test"


def test_no_variable_belongs_to_two_providers():
    variables = [
        variable
        for row in provider_rows().values()
        for variable in row.get("variables", {}).values()
    ]
    assert len(variables) == len(set(variables))


@pytest.mark.parametrize("name", WITH_KEY)
def test_what_a_machine_takes_for_an_account_is_enough_for_the_adapter_and_no_more_than_it(name):
    provider = providers()[name]
    assert provider.variables
    for needed in provider.needs:
        assert {*needed} <= {*provider.variables, "base_url"}
        account = {field: plausible(field) for field in needed}
        check = provider.adapter_for(account).check()
        assert check is None or check.url.startswith("https://")
        for field in needed if check else ():
            less = {name: value for name, value in account.items() if name != field}
            with pytest.raises(LookupError):
                provider.adapter_for(less).check()


# The machine of one's own.


def found(tmp_path, dotenv="", **environment):
    (tmp_path / ".env").write_text(dotenv, "utf-8")
    return found_keys(tmp_path, environment)


def test_a_key_in_the_environment_is_found_with_what_belongs_to_it(tmp_path):
    accounts = found(
        tmp_path,
        OPENAI_API_KEY="sk-1",
        OPENAI_BASE_URL="https://proxy.test/v1",
        BFL_API_KEY=" b-1\n",
        KLING_ACCESS_KEY="a",
        KLING_SECRET_KEY="b",
        PATH="/bin",
    )
    assert accounts == {
        "openai": {"key": "sk-1", "base_url": "https://proxy.test/v1"},
        "bfl": {"key": "b-1"},
        "kling": {"key": "a", "secret": "b"},
    }


def test_every_provider_has_an_address_that_can_be_changed(tmp_path):
    assert found(tmp_path, XAI_API_KEY="x", XAI_BASE_URL="https://x.test") == {
        "xai": {"key": "x", "base_url": "https://x.test"}
    }


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OPENAI_API_KEY": ""},
        {"OPENAI_API_KEY": "  "},
        {"OPENAI_BASE_URL": "https://proxy.test/v1"},
        {"VERTEX_PROJECT": "p", "VERTEX_LOCATION": "global"},
        {"VERTEX_ACCESS_TOKEN": "t"},
        {"KLING_ACCESS_KEY": "a"},
        {"KLING_SECRET_KEY": "b"},
        {"AZURE_OPENAI_API_KEY": "a"},
        {"COMPATIBLE_API_KEY": "a"},
        {"A1111_AUTH": "user:password"},
        {"BEDROCK_BASE_URL": "https://a.test", "PAINTER_BASE_URL": "https://a.test"},
    ],
    ids=lambda environment: "+".join(environment) or "nothing",
)
def test_a_provider_that_could_not_be_asked_is_not_found(tmp_path, environment):
    # It would take the painter's place, and fail.
    assert found(tmp_path, **environment) == {}


@pytest.mark.parametrize(
    ("variable", "name"), [("A1111_URL", "automatic1111"), ("COMPATIBLE_BASE_URL", "compatible")]
)
def test_an_address_alone_is_enough_for_a_server_of_ones_own(tmp_path, variable, name):
    address = "http://127.0.0.1:7860"
    assert found(tmp_path, **{variable: address}) == {name: {"base_url": address}}


def test_either_kind_of_account_with_vertex_is_found(tmp_path):
    assert found(tmp_path, VERTEX_API_KEY="k") == {"vertex": {"key": "k"}}
    token = {"VERTEX_ACCESS_TOKEN": "t", "VERTEX_PROJECT": "p"}
    assert found(tmp_path, **token) == {"vertex": {"token": "t", "project": "p"}}


def test_a_service_account_is_found_by_the_name_of_its_file_or_as_it_is(tmp_path):
    file = tmp_path / "key.json"
    file.write_text(account_file())
    whole = json.loads(account_file())
    for given in (str(file), "key.json", account_file(), json.dumps(whole)):
        accounts = found(tmp_path, GOOGLE_APPLICATION_CREDENTIALS=given, VERTEX_LOCATION="eu")
        assert accounts.keys() == {"vertex"}
        assert accounts["vertex"].keys() == {"service_account", "location"}
        assert json.loads(accounts["vertex"]["service_account"]) == whole
        assert providers()["vertex"].adapter_for(accounts["vertex"]).check().token_from


@pytest.mark.parametrize(
    "content", [None, "", "words", "[]", account_file(type="authorized_user"), "{}"]
)
def test_googles_variable_may_lead_to_other_things(tmp_path, content):
    file = tmp_path / "key.json"
    if content is not None:
        file.write_text(content)
    variables = {"GOOGLE_APPLICATION_CREDENTIALS": str(file)}
    assert found(tmp_path, **variables) == {}
    assert found(tmp_path, VERTEX_API_KEY="k", **variables) == {"vertex": {"key": "k"}}


def test_a_key_for_vertex_alone_goes_before_a_file_for_many_tools():
    account = {"key": "k", "service_account": account_file()}
    request = providers()["vertex"].adapter_for(account).check()
    assert (request.token_from, request.headers["x-goog-api-key"]) == (None, "k")


def test_a_service_accounts_file_is_a_secret_as_it_is():
    account = Machine(vertex=account_file()).account_of("vertex")
    assert account.keys() == {"service_account"}
    assert json.loads(account["service_account"]) == json.loads(account_file())


def test_the_environment_goes_before_the_file_and_can_take_a_key_away(tmp_path):
    file = "OPENAI_API_KEY=of-the-file\nFAL_KEY=of-the-file\nXAI_API_KEY=of-the-file\n"
    accounts = found(tmp_path, file, OPENAI_API_KEY="of-the-environment", FAL_KEY="")
    assert accounts == {"openai": {"key": "of-the-environment"}, "xai": {"key": "of-the-file"}}


def test_without_a_file_the_environment_is_all_there_is(tmp_path):
    assert found_keys(tmp_path, {"FAL_KEY": "f"}) == {"fal": {"key": "f"}}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=abc", "abc"),
        ("NAME = abc ", "abc"),
        ("  export NAME=abc", "abc"),
        ("export\tNAME='abc'", "abc"),
        ('NAME="a b"', "a b"),
        ("NAME='a # b'  # the first key", "a # b"),
        ("NAME=abc # the first key", "abc"),
        ("NAME=abc\t # the first key", "abc"),
        ("NAME=a#b", "a#b"),
        ("NAME=a=b==", "a=b=="),
        ("NAME=it's", "it's"),
        ("NAME='", "'"),
        ('NAME=""', ""),
        ("NAME=", ""),
        ("NAME= # none yet", ""),
        ("\ufeffNAME=abc", "abc"),
        ("NAME=abc\r", "abc"),
    ],
)
def test_a_line_of_the_file_is_a_name_and_a_value(tmp_path, line, value):
    file = tmp_path / ".env"
    file.write_bytes(f"{line}\n".encode())
    assert _dotenv(file) == {"NAME": value}


@pytest.mark.parametrize("line", ["", "# NAME=abc", "  #NAME=abc", "NAME", "=abc", "two words=abc"])
def test_other_lines_say_nothing(tmp_path, line):
    file = tmp_path / ".env"
    file.write_text(f"{line}\nFAL_KEY=f\n", "utf-8")
    assert _dotenv(file) == {"FAL_KEY": "f"}


def test_keys_are_kept_in_a_secret_each_and_a_new_one_takes_the_place_of_the_old():
    with mock_aws():
        client = boto3.client("secretsmanager")
        aws = SimpleNamespace(client=lambda _: client)
        keep_keys(aws, PREFIX, {"openai": {"key": "sk-1"}, "kling": {"secret": "b", "key": "a"}})
        keep_keys(aws, PREFIX, {"openai": {"key": "sk-2"}})
        kept = {
            entry["Name"]: json.loads(
                client.get_secret_value(SecretId=entry["Name"])["SecretString"]
            )
            for entry in client.list_secrets()["SecretList"]
        }
        assert kept == {
            f"{PREFIX}openai": {"key": "sk-2"},
            f"{PREFIX}kling": {"key": "a", "secret": "b"},
        }
        # As the functions read it.
        adapter = Adapters(lambda: client, PREFIX).of("kling")
        assert adapter.account == kept[f"{PREFIX}kling"]


def test_infra_and_the_functions_read_the_same_rows():
    assert set(provider_names()) == providers().keys() - {"painter"}
