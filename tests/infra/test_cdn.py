"""CloudFront before the API, and its firewall."""

from __future__ import annotations

import json

import pytest

from darkroom.handlers import gateway
from infra.constructs.firewall import WrongRegionError

DOMAIN = "images.example.com"
EDGE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d"
ACL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/mine/0a1b"


@pytest.fixture(scope="module")
def cdn(make_template):
    return make_template(cdn=1, waf=1, bundle="aws", observability=0)


@pytest.fixture(scope="module")
def of_domain(make_template):
    return make_template(
        cdn=1, waf=ACL, domain=DOMAIN, hosted_zone="Z0123", cdn_certificate_arn=EDGE, bundle="aws"
    )


def distribution(template):
    return template.only("AWS::CloudFront::Distribution")["DistributionConfig"]


def policy(template, behavior):
    found = template.all("AWS::CloudFront::CachePolicy")[behavior["CachePolicyId"]["Ref"]]
    return found["CachePolicyConfig"]


def test_everything_goes_to_the_api_by_tls(cdn):
    [origin] = distribution(cdn)["Origins"]
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert origin["CustomOriginConfig"]["OriginReadTimeout"] > cdn.functions()["submit"]["Timeout"]
    assert "ApiEndpoint" in json.dumps(origin["DomainName"])
    files = distribution(cdn)["CacheBehaviors"]
    for behavior in (distribution(cdn)["DefaultCacheBehavior"], *files):
        assert behavior["TargetOriginId"] == origin["Id"]
        assert behavior["ViewerProtocolPolicy"] == "https-only"
    assert "POST" in distribution(cdn)["DefaultCacheBehavior"]["AllowedMethods"]


def test_functions_know_what_comes_through_it_by_a_key_that_aws_makes(cdn, of_domain):
    for template in (cdn, of_domain):
        [origin] = distribution(template)["Origins"]
        [sent] = origin["OriginCustomHeaders"]
        assert sent["HeaderName"].lower() == gateway._CDN_KEY
        [name] = [one for one in template.all("AWS::SecretsManager::Secret") if "Cdn" in one]
        reference = ["{{resolve:secretsmanager:", {"Ref": name}, ":SecretString:::}}"]
        assert sent["HeaderValue"] == {"Fn::Join": ["", reference]}
        for function in ("submit", "status"):
            variables = template.functions()[function]["Environment"]["Variables"]
            assert variables["CDN_KEY"] == sent["HeaderValue"]


def test_a_file_is_kept_for_a_minute_under_its_whole_signed_address(cdn):
    [files] = distribution(cdn)["CacheBehaviors"]
    assert files["PathPattern"] == "/v1/files/*"
    kept = policy(cdn, files)
    assert {kept["MinTTL"], kept["DefaultTTL"], kept["MaxTTL"]} == {60}
    assert kept["ParametersInCacheKeyAndForwardedToOrigin"]["QueryStringsConfig"] == {
        "QueryStringBehavior": "all"
    }
    # That a file is not there yet is not kept.
    errors = {one["ErrorCode"]: one for one in distribution(cdn)["CustomErrorResponses"]}
    assert errors[404]["ErrorCachingMinTTL"] == 0


def test_two_regions_of_an_account_do_not_share_names(cdn):
    for one in cdn.all("AWS::CloudFront::CachePolicy").values():
        assert {"Ref": "AWS::Region"} in one["CachePolicyConfig"]["Name"]["Fn::Join"][1]


def test_no_clients_answer_is_another_clients(cdn):
    behavior = distribution(cdn)["DefaultCacheBehavior"]
    kept = policy(cdn, behavior)
    # What says no-store, as all answers do but files and pages of documentation, is not kept.
    assert (kept["MinTTL"], kept["DefaultTTL"], kept["MaxTTL"]) == (0, 0, 1)
    key = kept["ParametersInCacheKeyAndForwardedToOrigin"]
    assert {"Authorization", "X-API-Key"} <= set(key["HeadersConfig"]["Headers"])
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    assert behavior["Compress"] is True
    assert key["EnableAcceptEncodingGzip"] is key["EnableAcceptEncodingBrotli"] is True


def test_answers_and_events_name_the_distribution(cdn, of_domain):
    [name] = cdn.all("AWS::CloudFront::Distribution")
    of_cdn = {"Fn::Join": ["", ["https://", {"Fn::GetAtt": [name, "DomainName"]}]]}
    for template, address in ((cdn, of_cdn), (of_domain, f"https://{DOMAIN}")):
        assert template.body["Outputs"]["ApiUrl"]["Value"] == address
        for function in ("submit", "status"):
            variables = template.functions()[function]["Environment"]["Variables"]
            assert variables["FILES_URL"] == address
        assert template.functions()["relay"]["Environment"]["Variables"]["PUBLIC_URL"] == address


def test_a_domain_leads_to_the_distribution_and_its_hosts_go_on_to_the_api(of_domain):
    hosts = {DOMAIN, f"*.{DOMAIN}"}
    assert set(distribution(of_domain)["Aliases"]) == hosts
    assert distribution(of_domain)["ViewerCertificate"]["AcmCertificateArn"] == EDGE
    [name] = of_domain.all("AWS::CloudFront::Distribution")
    records = of_domain.all("AWS::Route53::RecordSet").values()
    assert {one["Name"] for one in records} == hosts
    for one in records:
        assert one["AliasTarget"]["DNSName"] == {"Fn::GetAtt": [name, "DomainName"]}
    [origin] = distribution(of_domain)["Origins"]
    api_name, attribute = origin["DomainName"]["Fn::GetAtt"]
    assert attribute == "RegionalDomainName"
    assert of_domain.all("AWS::ApiGatewayV2::DomainName")[api_name]["DomainName"] == DOMAIN
    # By the name that the client asked at: by it a dialect is found.
    answers = policy(of_domain, distribution(of_domain)["DefaultCacheBehavior"])
    key = answers["ParametersInCacheKeyAndForwardedToOrigin"]
    assert "Host" in key["HeadersConfig"]["Headers"]


def test_the_firewall_has_aws_rules_and_a_rate(cdn, of_domain):
    [(name, acl)] = cdn.all("AWS::WAFv2::WebACL").items()
    assert distribution(cdn)["WebACLId"] == {"Fn::GetAtt": [name, "Arn"]}
    assert acl["Scope"] == "CLOUDFRONT"
    *managed, rate = sorted(acl["Rules"], key=lambda one: one["Priority"])
    groups = {one["Statement"]["ManagedRuleGroupStatement"]["Name"]: one for one in managed}
    assert "AWSManagedRulesKnownBadInputsRuleSet" in groups
    assert all(one["OverrideAction"] == {"None": {}} for one in managed)
    common = groups["AWSManagedRulesCommonRuleSet"]["Statement"]["ManagedRuleGroupStatement"]
    counted = {one["Name"] for one in common["RuleActionOverrides"]}
    # Above 8 kB it would refuse every upload.
    assert "SizeRestrictions_BODY" in counted
    assert rate["Statement"]["RateBasedStatement"]["AggregateKeyType"] == "IP"
    assert rate["Action"]["Block"]["CustomResponse"] == {"ResponseCode": 429}
    assert of_domain.all("AWS::WAFv2::WebACL") == {}
    assert distribution(of_domain)["WebACLId"] == ACL


def test_a_firewall_is_refused_where_cloudfront_would_not_find_it(make_template, monkeypatch):
    monkeypatch.setenv("CDK_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", "123456789012")
    with pytest.raises(WrongRegionError, match=r"this stack is in eu-west-1\..*-c waf=arn:"):
        make_template(cdn=1, waf=1)


def test_there_is_none_unless_asked_for(template):
    for kind in ("AWS::CloudFront::Distribution", "AWS::WAFv2::WebACL"):
        assert template.all(kind) == {}
    assert template.functions()["status"]["Environment"]["Variables"]["CDN_KEY"] == ""
