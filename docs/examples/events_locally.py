"""Two images without HTTP: one asked for by a queue, one by the bus, and a webhook for each.

    make run                                           # in another terminal
    .venv/bin/python docs/examples/events_locally.py   # and the path of another local.json

It needs boto3, and nothing else.
"""
# ruff: noqa: T201

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import queue
import sys
import threading
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3

FILE = sys.argv[1] if len(sys.argv) > 1 else ".darkroom/local.json"
SECONDS = 60


def main() -> None:
    local = json.loads(Path(FILE).read_text())
    aws = boto3.Session(
        aws_access_key_id="000000000000", aws_secret_access_key="local", region_name="us-east-1"
    )
    # Where the queue is and what the bus is called, the stack itself says.
    stack = aws.client("cloudformation", endpoint_url=local["aws"])
    outputs = stack.describe_stacks(StackName="darkroom-local")["Stacks"][0]["Outputs"]
    known = {output["OutputKey"]: output["OutputValue"] for output in outputs}

    with receiver() as (address, arrived):
        wanted = {"url": address, "events": ["job.completed"]}
        webhook = call(local, "POST", "/v1/webhooks", wanted)
        try:
            tokens = {str(uuid.uuid4()): way for way in ("the queue", "the bus")}
            by_queue, by_bus = (asked_for(local["workspace"], token) for token in tokens)
            aws.client("sqs", endpoint_url=local["aws"]).send_message(
                QueueUrl=known["IntakeQueueUrl"], MessageBody=json.dumps(by_queue)
            )
            aws.client("events", endpoint_url=local["aws"]).put_events(
                Entries=[
                    {
                        "EventBusName": known["EventBusName"],
                        "Source": "docs.example",
                        "DetailType": "SubmitImageJob",
                        "Detail": json.dumps(by_bus),
                    }
                ]
            )
            while tokens:
                headers, body = arrived.get(timeout=SECONDS)
                if not is_genuine(webhook["secret"], headers, body):
                    raise SystemExit("A message came that is not signed with our secret.")
                job = json.loads(body)["data"]["job"]
                # Each message may come more than once, and jobs of others end meanwhile, too.
                way = tokens.pop(job["metadata"].get("token"), None)
                if way:
                    print(f"{job['status']}, asked for by {way}: {job['images'][0]['url']}")
        finally:
            call(local, "DELETE", f"/v1/webhooks/{webhook['id']}")
    print("Both are here, and their signatures are ours.")


def asked_for(workspace: str, token: str) -> dict[str, object]:
    """The same for both ways. Sent twice with this token, it is still one job."""
    request = {"prompt": "a red sailboat", "width": 256, "height": 256}
    metadata = {"metadata": {"token": token}}
    return {"workspace": workspace, "client_token": token, "request": request | metadata}


def is_genuine(secret: str, headers: dict[str, str], body: bytes) -> bool:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, text, hashlib.sha256)).decode()
    given = headers["webhook-signature"].split()  # two of them for a day after a rotation
    return any(hmac.compare_digest(f"v1,{expected}", one) for one in given)


def call(local: dict[str, str], method: str, path: str, body: Any = None) -> Any:
    request = urllib.request.Request(  # noqa: S310 - local.json says http on loopback
        local["api"] + path,
        method=method,
        headers={"Authorization": f"Bearer {local['key']}", "Content-Type": "application/json"},
        data=json.dumps(body).encode() if body else None,
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.loads(answer.read() or b"null")


@contextmanager
def receiver() -> Iterator[tuple[str, Any]]:
    """A web server on loopback that takes whatever comes, and answers at once."""
    arrived: Any = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            arrived.put(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", arrived
        server.shutdown()


if __name__ == "__main__":
    main()
