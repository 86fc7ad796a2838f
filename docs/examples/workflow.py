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
JOB = "$.detail.data.job"


class ImageWorkflow(cdk.Stack):
    def __init__(self, app: cdk.App) -> None:
        stage, intake = (app.node.try_get_context(key) for key in ("stage", "intake"))
        super().__init__(app, f"image-workflow-{stage}")
        queue = sqs.Queue.from_queue_arn(self, "Intake", intake)
        workflow = sfn.StateMachine(
            self, "Workflow", definition_body=sfn.DefinitionBody.from_chainable(self._image(queue))
        )
        bus = events.EventBus.from_event_bus_name(self, "Bus", f"darkroom-{stage}")
        back = (
            ("sendTaskSuccess", ["job.completed"], {"Output": sfn.JsonPath.object_at(JOB)}),
            (
                "sendTaskFailure",
                ["job.partial", "job.failed", "job.canceled"],
                {"Error": sfn.JsonPath.string_at("$['detail-type']")},
            ),
        )
        for action, ends, said in back:
            self._answer(bus, workflow, action, ends, said)
        cdk.CfnOutput(self, "WorkflowArn", value=workflow.state_machine_arn)

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
            # A request that is refused has no job that could bring the token back.
            task_timeout=sfn.Timeout.duration(cdk.Duration.hours(1)),
        )

    def _answer(
        self,
        bus: events.IEventBus,
        workflow: sfn.StateMachine,
        action: str,
        ends: list[str],
        said: dict[str, object],
    ) -> None:
        token = sfn.JsonPath.string_at(f"{JOB}.metadata.{TOKEN}")
        step = tasks.CallAwsService(
            self,
            action,
            service="sfn",
            action=action,
            parameters={"TaskToken": token, **said},
            iam_action=f"states:{action[0].upper()}{action[1:]}",
            iam_resources=[workflow.state_machine_arn],
        )
        answer = sfn.StateMachine(
            self,
            f"{action}Machine",
            definition_body=sfn.DefinitionBody.from_chainable(step),
            state_machine_type=sfn.StateMachineType.EXPRESS,
        )
        events.Rule(
            self,
            f"{action}Rule",
            event_bus=bus,
            event_pattern=events.EventPattern(
                source=["darkroom"],
                detail_type=ends,
                detail={"data": {"job": {"metadata": {TOKEN: events.Match.exists()}}}},
            ),
            targets=[targets.SfnStateMachine(answer)],
        )


app = cdk.App()
ImageWorkflow(app)
app.synth()
