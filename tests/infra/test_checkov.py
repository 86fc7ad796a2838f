"""checkov on the templates with everything on. Accepted findings stand in checkov.toml."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from tests.tools import run_tool

CHECKOV = "checkov==3.3.30"
ACCEPTED = tomllib.loads(Path(__file__).with_name("checkov.toml").read_text("utf-8"))
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def findings(template, edge_template):
    """The resources that fail each check in either, without the hashes of their logical ids."""
    failed = defaultdict(set)
    for each in (template, edge_template):
        for one in failed_checks(each):
            failed[one["check_id"]].add(one["resource"][:-8])
    return failed


def failed_checks(template):
    words = ("--framework", "cloudformation", "--output", "json", "--compact", "--quiet")
    done = run_tool(
        CHECKOV,
        "checkov",
        "--file",
        template.file,
        *words,
        "--skip-download",
        cwd=template.assembly,
        # Guidelines are on a server of its vendor, and links only.
        LOG_LEVEL="CRITICAL",
    )
    report = json.loads(done.stdout)
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["passed"] > 100
    return report["results"]["failed_checks"]


def test_every_finding_is_accepted_for_a_reason(findings):
    assert findings.keys() - ACCEPTED.keys() == set()
    for check, accepted in ACCEPTED.items():
        assert len(accepted["reason"].split()) > 5
        if "resources" in accepted:
            assert findings[check] == set(accepted["resources"])


def test_nothing_is_accepted_that_is_not_found(findings):
    assert ACCEPTED.keys() - findings.keys() == set()
