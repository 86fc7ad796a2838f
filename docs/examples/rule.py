"""Every finished job goes to a queue of your own: an EventBridge rule, with CDK.

npx cdk deploy --app "python docs/examples/rule.py" -c stage=prod
"""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs


class FinishedJobs(cdk.Stack):
    def __init__(self, app: cdk.App) -> None:
        stage = app.node.try_get_context("stage")
        super().__init__(app, f"finished-jobs-{stage}")
        queue = sqs.Queue(self, "Queue")
        events.Rule(
            self,
            "Rule",
            event_bus=events.EventBus.from_event_bus_name(self, "Bus", f"darkroom-{stage}"),
            event_pattern=events.EventPattern(
                source=["darkroom"],
                detail_type=["job.completed", "job.partial", "job.failed", "job.canceled"],
                # Of one workspace. Without this line, of all of them.
                detail={"workspace": [app.node.try_get_context("workspace") or "demo"]},
            ),
            targets=[
                targets.SqsQueue(
                    queue,
                    # Of what EventBridge could not deliver for a day.
                    dead_letter_queue=sqs.Queue(self, "Undelivered"),
                )
            ],
        )
        cdk.CfnOutput(self, "QueueUrl", value=queue.queue_url)


app = cdk.App()
FinishedJobs(app)
app.synth()
