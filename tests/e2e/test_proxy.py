"""The API at the root of its port: everything passes, and as API Gateway would hand it over."""

from __future__ import annotations

import io
import json
import socket
import zipfile
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.running import STACK


@pytest.mark.parametrize("host", ["localhost", "powerpost.localhost", "127.0.0.1"])
def test_the_api_answers_under_any_name_of_this_machine(local, host):
    # The name in the header, the address as it is: not every resolver knows names below localhost.
    answer = local.request("GET", "/v1/jobs/none", headers={"Host": f"{host}:{local.file['port']}"})
    assert answer.status_code == httpx.codes.NOT_FOUND
    assert answer.headers["apigw-requestid"]


def test_the_api_answers_on_both_loopback_addresses(local):
    try:
        socket.create_connection(("::1", local.file["port"])).close()
    except OSError:
        pytest.skip("this machine has no IPv6 loopback address")
    assert httpx.get(f"http://[::1]:{local.file['port']}/v1/jobs").status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/health",
        "/_localstack/health",
        "/_ministack/reset",
        "/v2/email",
        "/restapis/x",
        "/oauth2/x",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_path_of_the_api_is_taken_by_another_service_of_the_local_aws(local, method, path):
    # Only our own handlers answer with this header.
    assert local.request(method, path).headers["x-request-id"]


def test_a_path_and_a_query_arrive_as_api_gateway_hands_them_over(echo):
    seen = echo("GET", "/a%2Fb%25c%20d/%C3%A9?x=1&y=%26&x=2").json()
    assert seen["rawPath"] == "/a/b%25c d/é"
    assert seen["rawQueryString"] == "x=1&y=%26&x=2"
    assert seen["queryStringParameters"] == {"x": "1,2", "y": "&"}


def test_a_path_ends_at_an_escaped_question_mark_as_api_gateway_ends_it(echo):
    for mark in ("%3F", "%3f"):
        seen = echo("GET", f"/a%2Fb{mark}c/d?x=1").json()
        assert (seen["rawPath"], seen["rawQueryString"]) == ("/a/b", "x=1")


def test_an_escaped_percent_sign_is_not_decoded_twice(echo):
    assert echo("GET", "/a%252Fb%253Fc").json()["rawPath"] == "/a%252Fb%253Fc"


def test_the_headers_of_the_gateway_are_its_own(echo, local):
    sent = {"X-Forwarded-Proto": "https", "X-Forwarded-Port": "1", "X-Forwarded-For": "192.0.2.1"}
    headers = echo("GET", "/", headers=sent).json()["headers"]
    assert headers["x-forwarded-proto"] == "http"
    assert headers["x-forwarded-port"] == str(local.file["port"])
    assert headers["x-forwarded-for"] == "192.0.2.1, 127.0.0.1"
    assert headers["host"] == f"127.0.0.1:{local.file['port']}"


def test_a_binary_body_arrives_byte_for_byte(echo):
    body = bytes(range(256)) * 100
    seen = echo("POST", "/", content=body, headers={"Content-Type": "image/png"}).json()
    assert seen["isBase64Encoded"] is True
    assert len(seen["body"]) == -(-len(body) // 3) * 4


def test_head_has_the_headers_and_no_body(echo):
    answer = echo("HEAD", "/")
    assert answer.status_code == httpx.codes.OK
    assert answer.content == b""


def test_many_requests_at_once_are_all_answered(local):
    with local.client() as client, ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: client.get("/v1/jobs/none").status_code, range(60)))
    assert set(answers) == {httpx.codes.NOT_FOUND}


def test_a_body_of_7_mb_reaches_the_handler_which_refuses_it(local):
    content = b'{"prompt": "' + b"a" * 7_000_000 + b'"}'
    answer = local.request(
        "POST", "/v1/jobs", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    assert answer.headers["content-type"] == "application/problem+json"


def test_pages_of_the_origins_that_were_named_may_call_the_api_and_others_may_not(fresh):
    """A browser asks first (preflight), and then looks for its origin in the answer."""
    named, other = "https://studio.example.com", "https://evil.example"
    fresh.variables["CONTEXT"] = f"cors_origins={named}"
    fresh.start()
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "prefer"}
    preflight = fresh.request("OPTIONS", "/v1/jobs", headers={"Origin": named, **asked})
    assert preflight.status_code == httpx.codes.NO_CONTENT
    assert preflight.headers["access-control-allow-origin"] == named
    assert "authorization" in preflight.headers["access-control-allow-headers"]
    answer = fresh.request("GET", "/v1/health", headers={"Origin": named})
    assert answer.headers["access-control-allow-origin"] == named
    for request in (
        fresh.request("OPTIONS", "/v1/jobs", headers={"Origin": other, **asked}),
        fresh.request("GET", "/v1/health", headers={"Origin": other}),
    ):
        assert "access-control-allow-origin" not in request.headers
    # Kept over a restart, with which nothing is deployed anew.
    fresh.restart()
    again = fresh.request("GET", "/v1/health", headers={"Origin": named})
    assert again.headers["access-control-allow-origin"] == named


@pytest.fixture
def echo(local):
    """Puts a function that shows its event in the place of the status and submit functions.

    For a moment only, and through Lambda's own API, so that all of the way before it is the real
    one.
    """
    functions = local.aws.client("lambda")
    names = [f"{STACK}-{name}" for name in ("submit", "status")]
    real = {name: _code(local, functions, name) for name in names}
    for name in names:
        functions.update_function_code(FunctionName=name, ZipFile=_echo_zip())
    yield local.request
    for name, (bucket, key) in real.items():
        functions.update_function_code(FunctionName=name, S3Bucket=bucket, S3Key=key)


def _code(local, functions, name):
    template = local.aws.cloudformation().get_template(StackName=STACK)["TemplateBody"]
    resources = json.loads(json.dumps(template))["Resources"].values()
    [code] = [
        resource["Properties"]["Code"]
        for resource in resources
        if resource.get("Properties", {}).get("FunctionName") == name
    ]
    buckets = [entry["Name"] for entry in local.aws.s3().list_buckets()["Buckets"]]
    [bucket] = [found for found in buckets if found.startswith("cdk-")]
    return bucket, code["S3Key"]


def _echo_zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("__init__.py", "handlers/__init__.py"):
            archive.writestr(f"darkroom/{name}", "")
        for name in ("submit", "status"):
            archive.writestr(
                f"darkroom/handlers/{name}.py",
                "import json\n"
                "def handler(event, context):\n"
                "    return {'statusCode': 200, 'body': json.dumps(event)}\n",
            )
    return made.getvalue()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_web_page_gets_nothing_from_the_local_aws(local, headers):
    listed = httpx.get(f"{local.aws.endpoint}/2015-03-31/functions", headers=headers)
    assert listed.status_code == httpx.codes.FORBIDDEN
    assert "access-control-allow-origin" not in listed.headers
    made = httpx.post(
        f"{local.aws.endpoint}/2015-03-31/functions",
        headers=headers | {"Content-Type": "text/plain"},
        content="{}",
    )
    assert made.status_code == httpx.codes.FORBIDDEN


def test_a_web_page_may_show_a_picture_whose_address_is_signed(local):
    [image] = local.make("a kite")["images"]
    # Of a part of it, the address leads to the bucket.
    address = httpx.get(image["url"], headers={"Range": "bytes=0-"}).headers["location"]
    shown = httpx.get(address, headers={"Sec-Fetch-Site": "cross-site"})
    assert shown.headers["content-type"] == "image/webp"


def test_head_says_what_get_would_give(local):
    [image] = local.make("a kite")["images"]
    assert int(httpx.head(image["url"]).headers["content-length"]) == image["bytes"]
    health = httpx.head(f"{local.api}/v1/health")
    assert (health.status_code, health.content) == (httpx.codes.OK, b"")


def test_a_workspace_cannot_import_another_ones_file_through_the_local_aws(local):
    """Nothing of the local AWS is had without a signature, as nothing is on AWS."""
    job = local.make("a secret garden")
    part = {"Range": "bytes=0-"}
    answer = local.request("GET", job["images"][0]["url"], headers=part)
    name = answer.headers["location"].partition("?")[0]
    assert name.startswith(local.file["aws"])
    thief = {"Authorization": f"Bearer {local.new_workspace('thief', 5)}"}
    # S3 of the local AWS looks at a signature only where the algorithm is named.
    for address in (name, f"{name}?X-Amz-Signature=00", f"{name}?X-Amz-Signature="):
        assert httpx.get(address).status_code == httpx.codes.FORBIDDEN
        asked = {"json": {"url": address}, "headers": thief, "timeout": 60}
        stolen = httpx.post(f"{local.api}/v1/media", **asked)
        assert stolen.status_code == httpx.codes.BAD_REQUEST, stolen.text
        assert stolen.json()["code"] == "url.status_403"


def test_a_path_too_long_for_a_key_of_the_table_is_not_there(local):
    for length in (2046, 2047, 6000):
        path = f"/v1/callbacks/{'a' * length}/{'0' * 8}-0000-7000-8000-{'0' * 12}/0/token"
        assert httpx.post(f"{local.api}{path}").status_code == httpx.codes.NOT_FOUND
