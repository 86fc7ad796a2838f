"""The table of the integration tests is written a second time; here it is held to the first."""

from tests.moto_world import TABLE


def test_the_table_in_moto_is_the_table_of_the_template(template):
    properties = template.only("AWS::DynamoDB::Table")
    assert properties["KeySchema"] == TABLE["KeySchema"]
    assert properties["BillingMode"] == TABLE["BillingMode"]
    assert properties["GlobalSecondaryIndexes"] == TABLE["GlobalSecondaryIndexes"]
    by_name = {row["AttributeName"]: row for row in properties["AttributeDefinitions"]}
    assert by_name == {row["AttributeName"]: row for row in TABLE["AttributeDefinitions"]}
