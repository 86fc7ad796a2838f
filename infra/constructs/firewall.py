"""A web application firewall for CloudFront: AWS's managed rules, and a rate for each address."""

from __future__ import annotations

from aws_cdk import Stack, Token
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra.errors import SynthesisError

# What CloudFront uses, it has in this region alone.
EDGE_REGION = "us-east-1"
# Requests of one address in five minutes. Polling ten jobs each second is use.
RATE = 6000
# Each with the rules of it that count, and let through: bodies hold images in Base64, and prompts
# are texts of any kind.
MANAGED_RULES: dict[str, tuple[str, ...]] = {
    "AWSManagedRulesAmazonIpReputationList": (),
    "AWSManagedRulesKnownBadInputsRuleSet": (),
    "AWSManagedRulesCommonRuleSet": (
        "SizeRestrictions_BODY",
        "CrossSiteScripting_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        "EC2MetaDataSSRF_BODY",
        # SDKs and scripts are clients here, some of which name none.
        "NoUserAgent_HEADER",
    ),
}


class WrongRegionError(SynthesisError):
    def __init__(self, region: str) -> None:
        super().__init__(
            f"context key waf: CloudFront takes firewalls of {EDGE_REGION} alone, and this stack "
            f"is in {region}. Make a web ACL there with the scope CLOUDFRONT, and give its ARN: "
            "-c waf=arn:aws:wafv2:us-east-1:…"
        )


class Firewall(waf.CfnWebACL):
    def __init__(self, scope: Construct, name: str, *, stage: str) -> None:
        region = Stack.of(scope).region
        if not Token.is_unresolved(region) and region != EDGE_REGION:
            raise WrongRegionError(region)
        rules = [_managed(number, one) for number, one in enumerate(MANAGED_RULES)]
        super().__init__(
            scope,
            name,
            name=f"darkroom-{stage}",
            scope="CLOUDFRONT",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_visible("all"),
            rules=[*rules, _rate(len(rules))],
        )


def _managed(number: int, name: str) -> waf.CfnWebACL.RuleProperty:
    acl = waf.CfnWebACL
    return acl.RuleProperty(
        name=name,
        priority=number,
        override_action=acl.OverrideActionProperty(none={}),
        visibility_config=_visible(name),
        statement=acl.StatementProperty(
            managed_rule_group_statement=acl.ManagedRuleGroupStatementProperty(
                vendor_name="AWS",
                name=name,
                rule_action_overrides=[
                    acl.RuleActionOverrideProperty(
                        name=rule, action_to_use=acl.RuleActionProperty(count={})
                    )
                    for rule in MANAGED_RULES[name]
                ],
            )
        ),
    )


def _rate(number: int) -> waf.CfnWebACL.RuleProperty:
    acl = waf.CfnWebACL
    return acl.RuleProperty(
        name="rate",
        priority=number,
        action=acl.RuleActionProperty(
            block=acl.BlockActionProperty(
                custom_response=acl.CustomResponseProperty(response_code=429)
            )
        ),
        visibility_config=_visible("rate"),
        statement=acl.StatementProperty(
            rate_based_statement=acl.RateBasedStatementProperty(limit=RATE, aggregate_key_type="IP")
        ),
    )


def _visible(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True,
        metric_name=name,
        # Samples hold headers, and so keys.
        sampled_requests_enabled=False,
    )
