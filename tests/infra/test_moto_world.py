"""What the integration tests run on is written a second time; here it is held to the first."""

import pytest

from infra.functions import function_rows
from infra.options import Options
from tests.moto_world import TABLE, WAITS, moto_world


@pytest.mark.parametrize(("name", "table"), [("Jobs", TABLE), ("Waits", WAITS)])
def test_the_tables_in_moto_are_the_tables_of_the_template(template, name, table):
    properties = template.table(name)
    assert properties["KeySchema"] == table["KeySchema"]
    assert properties["BillingMode"] == table["BillingMode"]
    assert properties.get("GlobalSecondaryIndexes") == table.get("GlobalSecondaryIndexes")
    by_name = {row["AttributeName"]: row for row in properties["AttributeDefinitions"]}
    assert by_name == {row["AttributeName"]: row for row in table["AttributeDefinitions"]}


def test_every_function_finds_its_variables_in_moto():
    wanted = {
        name for row in function_rows(Options.read({})) for name in row.settings.environment_names()
    }
    with moto_world() as environment:
        assert environment.keys() == wanted
