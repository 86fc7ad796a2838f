"""What the integration tests run on is written a second time; here it is held to the first."""

from infra.functions import function_rows
from infra.options import Options
from tests.moto_world import TABLE, moto_world


def test_the_table_in_moto_is_the_table_of_the_template(template):
    properties = template.only("AWS::DynamoDB::Table")
    assert properties["KeySchema"] == TABLE["KeySchema"]
    assert properties["BillingMode"] == TABLE["BillingMode"]
    assert properties["GlobalSecondaryIndexes"] == TABLE["GlobalSecondaryIndexes"]
    by_name = {row["AttributeName"]: row for row in properties["AttributeDefinitions"]}
    assert by_name == {row["AttributeName"]: row for row in TABLE["AttributeDefinitions"]}


def test_every_function_finds_its_variables_in_moto():
    wanted = {
        name for row in function_rows(Options.read({})) for name in row.settings.environment_names()
    }
    with moto_world() as environment:
        assert environment.keys() == wanted
