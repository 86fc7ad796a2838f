"""A Step Functions workflow that asks for an image and goes on when it is there, with CDK.

    npx cdk deploy --app "python docs/examples/workflow.py" -c stage=prod -c intake=ARN_OF_THE_QUEUE

The workflow's task token travels in the request's metadata and comes back with the event. No
function is needed: a rule hands the event to a second, short state machine, which gives the token
back.
"""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks

# A value of metadata takes 2,048 characters, as long as a task token may be.
TOKEN = "task_token"
# What an event is about: a job, or a request that became none.
JOB, REQUEST = ("data", "job"), ("data",)


class ImageWorkflow(cdk.Stack):
    def __init__(self, app: cdk.App) -> None:
        stage, intake = (app.node.try_get_context(key) for key in ("stage", "intake"))
        super().__init__(app, f"image-workflow-{stage}")
        queue = sqs.Queue.from_queue_arn(self, "Intake", intake)
        self.workflow = sfn.StateMachine(
            self, "Workflow", definition_body=sfn.DefinitionBody.from_chainable(self._image(queue))
        )
        self.bus = events.EventBus.from_event_bus_name(self, "Bus", f"darkroom-{stage}")
        job = {"Output": sfn.JsonPath.object_at("$.detail.data.job")}
        why = {"Error": sfn.JsonPath.string_at("$['detail-type']")}
        self._answer("Done", ["job.completed"], JOB, "sendTaskSuccess", job)
        others = ["job.partial", "job.failed", "job.canceled"]
        self._answer("Failed", others, JOB, "sendTaskFailure", why)
        self._answer("Refused", ["job.rejected"], REQUEST, "sendTaskFailure", why)
        cdk.CfnOutput(self, "WorkflowArn", value=self.workflow.state_machine_arn)

    def _image(self, intake: sqs.IQueue) -> tasks.SqsSendMessage:
        """Input: {"workspace": ..., "prompt": ...}. Output: the job, with its images."""
        message = {
            "workspace": sfn.JsonPath.string_at("$.workspace"),
            # Whatever is tried again, it is one job.
            "client_token": sfn.JsonPath.execution_name,
            "request": {
                "prompt": sfn.JsonPath.string_at("$.prompt"),
                "metadata": {TOKEN: sfn.JsonPath.task_token},
            },
        }
        return tasks.SqsSendMessage(
            self,
            "Image",
            queue=intake,
            message_body=sfn.TaskInput.from_object(message),
            integration_pattern=sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
            # What cannot be read at all brings no token back.
            task_timeout=sfn.Timeout.duration(cdk.Duration.hours(1)),
        )

    def _answer(
        self,
        name: str,
        ends: list[str],
        about: tuple[str, ...],
        action: str,
        said: dict[str, object],
    ) -> None:
        token = sfn.JsonPath.string_at(".".join(("$.detail", *about, "metadata", TOKEN)))
        marked: dict[str, object] = {"metadata": {TOKEN: events.Match.exists()}}
        for part in reversed(about):
            marked = {part: marked}
        step = tasks.CallAwsService(
            self,
            name,
            service="sfn",
            action=action,
            parameters={"TaskToken": token, **said},
            iam_action=f"states:{action[0].upper()}{action[1:]}",
            iam_resources=[self.workflow.state_machine_arn],
        )
        answer = sfn.StateMachine(
            self,
            f"{name}Machine",
            definition_body=sfn.DefinitionBody.from_chainable(step),
            state_machine_type=sfn.StateMachineType.EXPRESS,
        )
        events.Rule(
            self,
            f"{name}Rule",
            event_bus=self.bus,
            event_pattern=events.EventPattern(
                source=["darkroom"],
                detail_type=ends,
                detail=marked,
            ),
            targets=[targets.SfnStateMachine(answer)],
        )


app = cdk.App()
ImageWorkflow(app)
app.synth()
