"""Each role holds what its function needs, and MiniStack, told to enforce roles, proves it.

That a role holds nothing besides is shown by the exact lists in tests/infra: an action too many
fails there, an action too few fails here.
"""

from __future__ import annotations

import copy
import io
import json
from contextlib import contextmanager

import httpx
import pytest
from PIL import Image

from infra.local.roles import LOCAL_NAMES
from tests.running import STACK, eventually

SECONDS = 15
# Nothing listens there: whoever is sent there finds nobody, and says so.
NOBODY = "http://127.0.0.1:9/"


def test_a_whole_job_works_with_the_roles_of_the_template(enforced):
    job = enforced.make("a lighthouse at dusk")
    assert job["status"] == "completed", job
    image = enforced.download(job["images"][0]["url"])
    assert image.status_code == httpx.codes.OK
    assert image.headers["content-type"] == "image/webp"
    listed = enforced.request("GET", "/v1/jobs").json()
    assert job["id"] in json.dumps(listed)


def test_a_backlog_is_done_with_the_roles_of_the_template(enforced):
    small = {"prompt": "a mill", "width": 64, "height": 64}
    asked = [
        enforced.request("POST", "/v1/jobs", json=small | {"n": n}).json()["id"] for n in (10, 2)
    ]
    assert [enforced.ended(job)["status"] for job in asked] == ["completed"] * 2


def test_a_wait_is_counted_with_the_roles_of_the_template(enforced):
    asked = {"json": {"prompt": "a mill", "width": 64, "height": 64}}
    job = enforced.request("POST", "/v1/jobs", headers={"Prefer": "wait=15"}, **asked)
    # A wait that could not be counted would have been cut to nothing.
    assert job.headers["preference-applied"] == "wait=15"
    poll = enforced.request("GET", f"/v1/jobs/{job.json()['id']}", params={"wait": 15})
    assert poll.headers.get("preference-applied") != "wait=0"


def test_a_job_can_be_canceled_with_the_roles_of_the_template(enforced):
    submitted = enforced.request("POST", "/v1/jobs", json={"prompt": "a forest", "n": 4}).json()
    canceled = enforced.request("POST", f"/v1/jobs/{submitted['id']}/cancel")
    # Either it comes in time, or the images were quicker: both are answers of ours.
    assert canceled.status_code in {200, 202, 409}, canceled.text
    assert enforced.ended(submitted["id"])["status"] in {"canceled", "completed", "partial"}


def test_a_library_is_kept_with_the_roles_of_the_template(enforced):
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(picture, "PNG")
    sent = {"file": ("teal.png", picture.getvalue(), "image/png")}
    media = enforced.request("POST", "/v1/media", files=sent)
    assert media.status_code == httpx.codes.CREATED, media.text
    name = media.json()["id"]
    gathered = enforced.request("POST", "/v1/collections", json={"name": "c", "images": [name]})
    assert gathered.status_code == httpx.codes.CREATED, gathered.text
    place = f"/v1/collections/{gathered.json()['id']}"
    asked = {"prompt": "a boat", "collection": gathered.json()["id"]}
    job = enforced.ended(enforced.request("POST", "/v1/jobs", json=asked).json()["id"])
    assert job["status"] == "completed", job
    assert [one["media"] for one in enforced.request("GET", place).json()["images"]] == [
        name,
        job["images"][0]["id"],
    ]
    assert enforced.request("GET", "/v1/media").json()["media"][0]["id"] == job["images"][0]["id"]
    for gone in (place, f"/v1/media/{name}"):
        assert enforced.request("DELETE", gone).status_code == httpx.codes.NO_CONTENT
        assert enforced.request("GET", gone).status_code == httpx.codes.NOT_FOUND


def test_events_go_their_way_with_the_roles_of_the_template(enforced):
    place = enforced.request("POST", "/v1/webhooks", json={"url": NOBODY}).headers["location"]
    ask_by_queue(enforced, {"prompt": "a pier", "width": 64, "height": 64})

    def tried():
        page = enforced.request("GET", f"{place}/deliveries").json()["deliveries"]
        ends = [one for one in page if one["event"]["type"] == "job.completed"]
        outcomes = [one["outcome"] for end in ends for one in end["attempts"]]
        return [outcome for outcome in outcomes if outcome != "under_way"]

    outcomes = eventually(tried, SECONDS, "the job's end is told to the webhook")
    assert outcomes[0] == "unreachable"
    assert enforced.request("DELETE", place).status_code == httpx.codes.NO_CONTENT


def test_what_is_refused_is_kept_with_the_roles_of_the_template(enforced):
    ask_by_queue(enforced, {"prompt": ""})
    queue = {"QueueUrl": enforced.outputs["IntakeDeadLetterQueueUrl"]}
    sqs = enforced.aws.client("sqs")
    eventually(
        lambda: sqs.receive_message(**queue).get("Messages"), SECONDS, "the refused request is kept"
    )


def ask_by_queue(local, request):
    body = {"workspace": local.file["workspace"], "request": request}
    queue = local.outputs["IntakeQueueUrl"]
    local.aws.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(body))


def take(local):
    ask_by_queue(local, {"prompt": "a harbour"})


def submit(local):
    body = {"prompt": "a harbour", "webhook": {"url": NOBODY, "events": ["job.accepted"]}}
    return local.request("POST", "/v1/jobs", json=body)


def poll(local):
    return local.request("GET", "/v1/jobs/01999999-9999-7999-8999-999999999999")


def list_jobs(local):
    return local.request("GET", "/v1/jobs")


def sweep(local):
    local.aws.client("lambda").invoke(FunctionName=f"{STACK}-sweeper", Payload=b"{}")


def test_the_sweeper_finds_everything_in_order_with_the_role_of_the_template(enforced):
    answer = enforced.aws.client("lambda").invoke(FunctionName=f"{STACK}-sweeper", Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()


@pytest.mark.parametrize(
    ("function", "action", "call"),
    [
        ("submit", "dynamodb:PutItem", submit),
        ("submit", "dynamodb:UpdateItem", submit),
        ("submit", "sqs:SendMessage", submit),
        ("status", "dynamodb:GetItem", poll),
        ("status", "dynamodb:Query", list_jobs),
        ("sweeper", "dynamodb:Query", sweep),
        ("sweeper", "sqs:ReceiveMessage", sweep),
        ("worker", "dynamodb:UpdateItem", submit),
        ("worker", "s3:PutObject", submit),
        ("relay", "dynamodb:PutItem", submit),
        ("relay", "dynamodb:Query", submit),
        ("relay", "events:PutEvents", submit),
        ("relay", "sqs:SendMessage", submit),
        ("webhook", "dynamodb:GetItem", submit),
        ("webhook", "dynamodb:PutItem", submit),
        ("webhook", "sqs:SendMessage", submit),
        ("intake", "dynamodb:PutItem", take),
        ("intake", "sqs:SendMessage", take),
    ],
)
def test_without_a_granted_action_the_call_that_needs_it_fails(enforced, function, action, call):
    # One message, or a batch of them.
    denied = {action, LOCAL_NAMES.get(action, action)}
    with without(enforced, function, action) as role:
        before = log(enforced)
        call(enforced)

        def refused():
            said = log(enforced)[len(before) :]
            told = any(f"is not authorized to perform: {name}" in said for name in denied)
            return role in said and told

        eventually(refused, SECONDS, f"{function} is refused {action}")


def test_without_reading_images_an_address_opens_nothing(enforced):
    [image] = enforced.make("a mill")["images"]
    with without(enforced, "status", "s3:GetObject"):
        assert httpx.get(image["url"]).status_code == httpx.codes.NOT_FOUND
    assert enforced.download(image["url"]).status_code == httpx.codes.OK


@contextmanager
def without(local, function, action):
    """The role's name, while it lacks this action."""
    iam = local.aws.client("iam")
    configuration = local.aws.client("lambda").get_function_configuration(
        FunctionName=f"{STACK}-{function}"
    )
    role = configuration["Role"].rpartition("/")[2]
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    policies = {
        name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in names
    }
    removed = {action, LOCAL_NAMES.get(action, action)}
    changed = {name: lacking(document, removed) for name, document in policies.items()}
    assert changed != policies, f"{role} never had {action}"
    put(iam, role, changed)
    try:
        yield role
    finally:
        put(iam, role, policies)


def lacking(document, actions):
    document = copy.deepcopy(document)
    for statement in document["Statement"]:
        held = (
            statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        )
        # A statement must name something, so a name that means nothing stands for none.
        statement["Action"] = [name for name in held if name not in actions] or ["sts:None"]
    return document


def put(iam, role, policies):
    for name, document in policies.items():
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))


def log(local):
    return (local.folder / "logs" / "functions.log").read_text()
