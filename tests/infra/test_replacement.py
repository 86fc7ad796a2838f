"""What CloudFormation would replace, and so lose, if it changed: the names under which data lies.

A change of a logical id makes a new resource and leaves the old one behind; so does a change of a
property that cannot be updated in place. Neither may be written without moving the data first.
"""

from __future__ import annotations

import json

import pytest

# Each with the properties whose change replaces it, by the documents of CloudFormation.
PINNED = {
    "JobsDF1CC2D4": {
        "TableName": None,
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        "LocalSecondaryIndexes": None,
        "ImportSourceSpecification": None,
    },
    "Images2D38C313": {"BucketName": None, "ObjectLockEnabled": None},
    "SigningSecretCF7EC744": {"Name": None},
    "WebhookSecretF21E29CC": {"Name": None},
}
TYPES = {
    "JobsDF1CC2D4": "AWS::DynamoDB::Table",
    "Images2D38C313": "AWS::S3::Bucket",
    "SigningSecretCF7EC744": "AWS::SecretsManager::Secret",
    "WebhookSecretF21E29CC": "AWS::SecretsManager::Secret",
}
# Of a generated secret, a change of how it is generated makes a new value.
GENERATED = {"PasswordLength": 64, "ExcludePunctuation": True}


@pytest.mark.parametrize("name", PINNED)
def test_no_deployment_replaces_what_holds_data(template, local_template, name):
    for each in (template, local_template):
        resource = each.body["Resources"][name]
        assert resource["Type"] == TYPES[name]
        properties = resource["Properties"]
        assert {key: properties.get(key) for key in PINNED[name]} == PINNED[name]


def test_secrets_are_not_generated_anew(template):
    for secret in template.all("AWS::SecretsManager::Secret").values():
        assert secret["GenerateSecretString"] == GENERATED


def test_the_attributes_of_keys_keep_their_types(template):
    types = {
        one["AttributeName"]: one["AttributeType"]
        for one in template.table("Jobs")["AttributeDefinitions"]
    }
    assert types == {"pk": "S", "sk": "S", "due_shard": "S", "due_at": "N"}


def test_a_stack_that_keeps_its_data_cannot_be_deleted_by_one_click(template, local_template):
    def is_protected(each):
        manifest = json.loads((each.assembly / "manifest.json").read_text("utf-8"))
        [stack] = [
            one
            for one in manifest["artifacts"].values()
            if one["type"] == "aws:cloudformation:stack"
        ]
        return stack["properties"].get("terminationProtection", False)

    assert is_protected(template)
    assert not is_protected(local_template)
