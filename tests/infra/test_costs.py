"""What docs/deploying.md says of an idle month is counted in the template."""

from __future__ import annotations

import copy

from benchmarks import costs, pages


def test_the_page_shows_what_the_template_costs(template):
    """It has options on that cost by what they are used for alone."""
    assert pages.shown("deploying.md", "costs: month") == costs.costs_of_a_month(template.body)


def test_what_is_added_costs_more(template):
    more = copy.deepcopy(template.body)
    kind = "AWS::CloudWatch::Dashboard"
    more["Resources"]["Another"] = {"Type": kind, "Properties": {}}
    assert f"| {kind} | 2 | 6.00 |" in costs.costs_of_a_month(more)


def test_functions_have_the_memory_that_they_are_priced_by(template):
    functions = template.functions()
    assert {name: functions[name]["MemorySize"] for name in costs.MEMORY_MB} == costs.MEMORY_MB


def test_no_size_costs_more_than_another_when_it_is_idle(make_template):
    """As docs/deploying.md says: a size is how many functions run at once."""
    small = make_template(size="small")
    assert costs.costs_of_a_month(small.body) == pages.shown("deploying.md", "costs: month")
