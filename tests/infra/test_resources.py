from __future__ import annotations

import json

import pytest

OUTPUTS = {
    "ApiUrl",
    "ApiId",
    "TableName",
    "BucketName",
    "MediaDays",
    "ConcurrencyNeeded",
    "ImagesQueueUrl",
    "BacklogQueueUrl",
    "DeadLetterQueueUrl",
    "WebhooksQueueUrl",
    "SlowWebhooksQueueUrl",
    "IntakeQueueUrl",
    "IntakeDeadLetterQueueUrl",
    "SetAsideQueueUrl",
    "EventBusName",
    "SigningSecretArn",
    "WebhookSecretArn",
    "Providers",
    "ProviderSecrets",
    "Version",
    "SubmitFunctionName",
    "StatusFunctionName",
    "WorkerFunctionName",
    "SweeperFunctionName",
    "RelayFunctionName",
    "WebhookFunctionName",
    "IntakeFunctionName",
}
# What each queue is called, whose it is, and where what fails there goes.
WORK_QUEUES = {
    "ImagesToMakeQueue": ("worker", "ImagesToMakeDeadLetters"),
    "ImagesBacklogQueue": ("worker", "ImagesToMakeDeadLetters"),
    "WebhooksQueue": ("webhook", "WebhooksDeadLetters"),
    "SlowWebhooksQueue": ("webhook", "WebhooksDeadLetters"),
    "IntakeQueue": ("intake", "IntakeDeadLetters"),
}
LAST_QUEUES = (
    "ImagesToMakeDeadLetters",
    "WebhooksDeadLetters",
    "IntakeDeadLetters",
    "SetAside",
    "SubmissionsUndelivered",
)


def queues(template):
    """By name, without the hash of the logical id."""
    return {name[:-8]: queue for name, queue in template.all("AWS::SQS::Queue").items()}


def refuses_plain_http(policy) -> bool:
    return any(
        statement["Effect"] == "Deny"
        and statement["Principal"] == {"AWS": "*"}
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        for statement in policy["PolicyDocument"]["Statement"]
    )


def test_the_table_has_the_keys_and_the_index_that_the_code_expects(template):
    table = template.table("Jobs")
    assert {
        one["AttributeName"]: one["AttributeType"] for one in table["AttributeDefinitions"]
    } == {
        "pk": "S",
        "sk": "S",
        "due_shard": "S",
        "due_at": "N",
    }
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
    [due] = table["GlobalSecondaryIndexes"]
    assert due["IndexName"] == "due"
    assert [key["AttributeName"] for key in due["KeySchema"]] == ["due_shard", "due_at"]
    assert due["Projection"] == {"ProjectionType": "KEYS_ONLY"}


def test_the_table_can_be_recovered_forgets_by_itself_and_tells_its_changes(template):
    table = template.table("Jobs")
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_data_outlives_the_stack_unless_the_stage_is_thrown_away(template, local_template):
    kept = (
        ("AWS::DynamoDB::Table", "Jobs"),
        ("AWS::S3::Bucket", "Images"),
        ("AWS::SecretsManager::Secret", "SigningSecret"),
        ("AWS::SecretsManager::Secret", "WebhookSecret"),
    )
    for kind, name in kept:
        assert template.resource(kind, name)["DeletionPolicy"] == "Retain"
        assert local_template.resource(kind, name)["DeletionPolicy"] == "Delete"
    assert template.resource("AWS::DynamoDB::Table", "Waits")["DeletionPolicy"] == "Delete"
    assert template.table("Jobs")["DeletionProtectionEnabled"] is True
    assert local_template.table("Jobs")["DeletionProtectionEnabled"] is False


def test_the_bucket_is_private_encrypted_and_deletes_for_good(template):
    bucket = template.only("AWS::S3::Bucket")
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert "VersioningConfiguration" not in bucket
    broken, sent = bucket["LifecycleConfiguration"]["Rules"]
    assert broken["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert (sent["Prefix"], sent["ExpirationInDays"]) == ("uploads/", 1)
    assert refuses_plain_http(template.only("AWS::S3::BucketPolicy"))


def test_with_versions_a_deleted_file_can_be_brought_back_for_thirty_days(make_template, template):
    versioned = make_template(versioning=1, observability=0).only("AWS::S3::Bucket")
    assert versioned["VersioningConfiguration"] == {"Status": "Enabled"}
    # A bucket whose versions were switched off again has those of before.
    for bucket in (versioned, template.only("AWS::S3::Bucket")):
        all_files, sent = bucket["LifecycleConfiguration"]["Rules"]
        assert "Prefix" not in all_files
        assert all_files["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
        assert all_files["ExpiredObjectDeleteMarker"] is True
        # As they were sent, files are gone as soon as ever.
        assert sent["Prefix"] == "uploads/"
        assert sent["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


def test_a_browser_may_read_from_the_origins_that_were_named_and_no_other(template, local_template):
    sent, read = template.only("AWS::S3::Bucket")["CorsConfiguration"]["CorsRules"]
    assert (sent["AllowedMethods"], sent["AllowedOrigins"]) == (
        ["POST"],
        ["https://studio.example.com"],
    )
    # After a redirect of the API a browser says `Origin: null`, which only the star lets in.
    assert (read["AllowedMethods"], read["AllowedOrigins"]) == (["GET", "HEAD"], ["*"])
    assert "range" in read["AllowedHeaders"]
    assert {"ETag", "Content-Range"} <= set(read["ExposedHeaders"])
    preflight = template.only("AWS::ApiGatewayV2::Api")["CorsConfiguration"]
    assert preflight["AllowOrigins"] == ["https://studio.example.com"]
    # The star would not cover it.
    assert {"authorization", "range", "if-none-match"} <= set(preflight["AllowHeaders"])
    assert "CorsConfiguration" not in local_template.only("AWS::S3::Bucket")
    assert "CorsConfiguration" not in local_template.only("AWS::ApiGatewayV2::Api")


def test_there_are_these_queues_and_no_others(template):
    assert queues(template).keys() == {*WORK_QUEUES, *LAST_QUEUES}


def test_a_message_stays_with_its_function_for_six_times_the_timeout(template, make_template):
    for made in (template, make_template(worker_timeout=240, observability=0)):
        for queue, (function, _) in WORK_QUEUES.items():
            timeout = made.functions()[function]["Timeout"]
            assert queues(made)[queue]["VisibilityTimeout"] >= 6 * timeout
    assert queues(made)["ImagesToMakeQueue"]["VisibilityTimeout"] == 1440


@pytest.mark.parametrize(("name", "dead_letters"), [(q, d) for q, (_, d) in WORK_QUEUES.items()])
def test_what_fails_five_times_goes_to_the_dead_letters_of_its_work(template, name, dead_letters):
    queue = queues(template)[name]
    assert queue["RedrivePolicy"]["maxReceiveCount"] >= 5
    target = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
    assert target[:-8] == dead_letters
    assert queue["MessageRetentionPeriod"] == 4 * 24 * 3600


@pytest.mark.parametrize("name", LAST_QUEUES)
def test_what_nobody_could_handle_is_kept_for_two_weeks(template, name):
    assert queues(template)[name]["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert "RedrivePolicy" not in queues(template)[name]


def test_queues_are_encrypted_and_refuse_plain_http(template):
    assert all(queue["SqsManagedSseEnabled"] for queue in queues(template).values())
    policies = template.all("AWS::SQS::QueuePolicy").values()
    assert len(policies) == len(queues(template))
    assert all(refuses_plain_http(policy) for policy in policies)


def test_the_secrets_are_made_by_aws(template):
    secrets = template.all("AWS::SecretsManager::Secret")
    assert sorted(name[:-8] for name in secrets) == ["SigningSecret", "WebhookSecret"]
    for secret in secrets.values():
        assert "SecretString" not in secret
        assert secret["GenerateSecretString"]["PasswordLength"] == 64


def test_reads_go_to_status_and_everything_else_to_submit(template):
    integrations = template.all("AWS::ApiGatewayV2::Integration")
    assert {one["PayloadFormatVersion"] for one in integrations.values()} == {"2.0"}
    functions = template.body["Resources"]
    routes = {}
    for route in template.all("AWS::ApiGatewayV2::Route").values():
        integration = integrations[route["Target"]["Fn::Join"][1][1]["Ref"]]
        function = functions[integration["IntegrationUri"]["Fn::GetAtt"][0]]["Properties"]
        routes[route["RouteKey"]] = function["FunctionName"]
    assert routes == {
        "$default": "darkroom-prod-submit",
        "GET /{proxy+}": "darkroom-prod-status",
        "GET /": "darkroom-prod-status",
        "HEAD /{proxy+}": "darkroom-prod-status",
        "HEAD /": "darkroom-prod-status",
    }


def test_the_gateway_throttles_and_logs_neither_paths_nor_queries_nor_headers(template):
    stage = template.only("AWS::ApiGatewayV2::Stage")
    assert stage["DefaultRouteSettings"] == {
        "ThrottlingRateLimit": 200,
        "ThrottlingBurstLimit": 400,
    }
    logged = json.loads(stage["AccessLogSettings"]["Format"])
    assert logged["route"] == "$context.routeKey"
    # A provider's callback has its token in the path.
    secretive = ("path", "query", "authorizer", "header", "$request", "requestoverride")
    assert not [
        value for value in logged.values() if any(one in value.lower() for one in secretive)
    ]


def test_everything_that_can_be_tagged_names_its_project_and_stage(template):
    tags = {
        name: resource["Properties"]["Tags"]
        for name, resource in template.body["Resources"].items()
        if "Tags" in resource.get("Properties", {})
    }
    assert len(tags) > 10
    for found in tags.values():
        pairs = found if isinstance(found, dict) else {one["Key"]: one["Value"] for one in found}
        assert pairs == {"Project": "darkroom", "Stage": "prod"}


def test_the_outputs_name_what_a_person_or_a_program_needs(template, local_template):
    assert template.body["Outputs"].keys() == OUTPUTS
    assert local_template.body["Outputs"].keys() == OUTPUTS


def test_the_template_needs_no_parameter_and_no_bootstrap_to_be_read(template):
    assert "Parameters" not in template.body
    assert "Rules" not in template.body
