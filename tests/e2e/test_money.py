"""Many jobs of every kind on the local AWS; then the books must agree.

MONEY_JOBS says how many: a few in every test run, a thousand with `make money`.
"""

from __future__ import annotations

import json
import os
import random
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.running import STACK, eventually

JOBS = int(os.environ.get("MONEY_JOBS", "60"))
WORKSPACE = "money"
SECONDS_A_JOB = 2


class Money:
    """A workspace, and a worker that can be held back: what waits can then be made to fail."""

    def __init__(self, local):
        self.local = local
        self.key = local.new_workspace(
            WORKSPACE, 100_000, requests_per_minute=1_000_000, max_in_flight=1_000_000
        )
        self.lambdas, self.queues = local.aws.client("lambda"), local.aws.client("sqs")
        self.outputs = local.outputs

    def post(self, path, body=None):
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.post(f"{self.local.api}{path}", json=body, headers=headers, timeout=60)

    def submit(self, n):
        body = {"prompt": "a field", "width": 64, "height": 64, "n": n}
        answer = self.post("/v1/jobs", body)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        return answer.json()["id"]

    def fail(self, job, slots):
        """As if every worker had died of these images: their messages end as dead letters."""
        for slot in slots:
            order = {"workspace": WORKSPACE, "job": job, "slot": slot}
            self.queues.send_message(
                QueueUrl=self.outputs["DeadLetterQueueUrl"], MessageBody=json.dumps(order)
            )

    def sweep(self):
        answer = self.lambdas.invoke(FunctionName=f"{STACK}-sweeper", Payload=b"{}")
        return json.loads(answer["Payload"].read())

    def account(self):
        rows = map(json.loads, self.local.admin("workspace", "list").stdout.splitlines())
        return next(row for row in rows if row["workspace"] == WORKSPACE)


def test_after_many_mixed_jobs_the_books_agree_and_one_credit_planted_wrong_is_found(local):
    money, dice = Money(local), random.Random(20261121)  # noqa: S311 - a mix, not a secret
    local.let_workers(work=False)
    try:
        with ThreadPoolExecutor(8) as pool:
            jobs = list(pool.map(lambda n: (money.submit(n), n), dice.choices((1, 2, 3), k=JOBS)))
        for job, n in dice.sample(jobs, JOBS // 4):
            money.fail(job, dice.sample(range(n), dice.randint(1, n)))
        while money.sweep():
            pass
        for job, _ in dice.sample(jobs, JOBS // 4):
            money.post(f"/v1/jobs/{job}/cancel")
    finally:
        local.let_workers(work=True)
    eventually(lambda: money.account()["in_flight"] == 0, JOBS * SECONDS_A_JOB + 60, "the end")

    account = money.account()
    assert account["held"] == 0
    assert account["balance"] + account["spent"] == account["granted"]
    reconciled = local.make_admin("reconcile", WORKSPACE)
    assert json.loads(reconciled.stdout) == {"workspaces": 1, "differences": 0}, reconciled.stderr
    statuses = statuses_of(local, money.key)
    assert sum(statuses.values()) == JOBS
    assert all(statuses[status] for status in ("completed", "partial", "failed", "canceled"))

    plant_one_credit(local)
    found = local.make_admin("reconcile", WORKSPACE)
    assert found.returncode == 1
    assert "money: balance is" in found.stderr


def statuses_of(local, key):
    counts = dict.fromkeys(("completed", "partial", "failed", "canceled"), 0)
    query = {"limit": "40"}
    while True:
        headers = {"Authorization": f"Bearer {key}"}
        page = httpx.get(f"{local.api}/v1/jobs", params=query, headers=headers, timeout=60).json()
        for job in page["jobs"]:
            counts[job["status"]] += 1
        if page["cursor"] is None:
            return counts
        query["cursor"] = page["cursor"]


def plant_one_credit(local):
    local.aws.client("dynamodb").update_item(
        TableName=local.outputs["TableName"],
        Key={"pk": {"S": f"WS#{WORKSPACE}"}, "sk": {"S": "ACCOUNT"}},
        UpdateExpression="SET balance = balance + :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )
