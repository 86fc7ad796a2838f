"""A domain of one's own, with its certificate made here or brought along."""

from __future__ import annotations

import pytest

from infra.deploying.messages import next_steps

DOMAIN = "images.example.com"
ARN = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d"
HOSTS = {DOMAIN, f"*.{DOMAIN}"}


@pytest.fixture(scope="module")
def of_zone(make_template):
    return make_template(domain=DOMAIN, hosted_zone="Z0123456789ABC", bundle="aws")


@pytest.fixture(scope="module")
def of_certificate(make_template):
    return make_template(domain=DOMAIN, certificate_arn=ARN, observability=0)


def hosts(template):
    return {
        one["DomainName"]: one for one in template.all("AWS::ApiGatewayV2::DomainName").values()
    }


def test_the_domain_and_the_names_of_dialects_below_it_lead_to_the_api(of_zone, of_certificate):
    for template in (of_zone, of_certificate):
        [api] = template.all("AWS::ApiGatewayV2::Api")
        domains = template.all("AWS::ApiGatewayV2::DomainName")
        mapped = {}
        for one in template.all("AWS::ApiGatewayV2::ApiMapping").values():
            assert one["ApiId"] == {"Ref": api}
            mapped[one["DomainName"]["Ref"]] = one["Stage"]
        assert len(mapped) == 2
        assert mapped.keys() == domains.keys()
        assert hosts(template).keys() == HOSTS
        for one in hosts(template).values():
            [configuration] = one["DomainNameConfigurations"]
            assert configuration["SecurityPolicy"] == "TLS_1_2"
            assert configuration["EndpointType"] == "REGIONAL"


def test_a_mapping_waits_for_the_stage_that_it_names(of_zone):
    [stage] = of_zone.all("AWS::ApiGatewayV2::Stage")
    mappings = [
        one
        for one in of_zone.body["Resources"].values()
        if one["Type"] == "AWS::ApiGatewayV2::ApiMapping"
    ]
    assert [stage in one["DependsOn"] for one in mappings] == [True, True]


def test_in_a_zone_of_the_account_certificate_and_records_are_made(of_zone):
    [(name, certificate)] = of_zone.all("AWS::CertificateManager::Certificate").items()
    assert {certificate["DomainName"], *certificate["SubjectAlternativeNames"]} == HOSTS
    assert certificate["ValidationMethod"] == "DNS"
    for one in hosts(of_zone).values():
        assert one["DomainNameConfigurations"][0]["CertificateArn"] == {"Ref": name}
    records = of_zone.all("AWS::Route53::RecordSet").values()
    assert {(one["Name"], one["Type"]) for one in records} == {
        (host, kind) for host in HOSTS for kind in ("A", "AAAA")
    }
    domains = of_zone.all("AWS::ApiGatewayV2::DomainName")
    for one in records:
        target, attribute = one["AliasTarget"]["DNSName"]["Fn::GetAtt"]
        assert (domains[target]["DomainName"], attribute) == (one["Name"], "RegionalDomainName")


def test_with_a_certificate_of_ones_own_the_records_are_told(of_certificate):
    assert of_certificate.all("AWS::CertificateManager::Certificate") == {}
    assert of_certificate.all("AWS::Route53::RecordSet") == {}
    for one in hosts(of_certificate).values():
        assert one["DomainNameConfigurations"][0]["CertificateArn"] == ARN
    outputs = of_certificate.body["Outputs"]
    domains = of_certificate.all("AWS::ApiGatewayV2::DomainName")
    told = {}
    for name in ("DomainTarget", "DialectsTarget"):
        target, attribute = outputs[name]["Value"]["Fn::GetAtt"]
        assert attribute == "RegionalDomainName"
        told[name] = domains[target]["DomainName"]
    assert told == {"DomainTarget": DOMAIN, "DialectsTarget": f"*.{DOMAIN}"}


def test_there_is_no_other_address(of_zone, template):
    [api] = of_zone.all("AWS::ApiGatewayV2::Api").values()
    assert api["DisableExecuteApiEndpoint"] is True
    [api] = template.all("AWS::ApiGatewayV2::Api").values()
    assert not api.get("DisableExecuteApiEndpoint")
    outputs = of_zone.body["Outputs"]
    assert outputs["ApiUrl"]["Value"] == f"https://{DOMAIN}"
    # The zone has the records.
    assert "DomainTarget" not in outputs


def test_answers_and_events_name_the_domain(of_zone, template, local_template):
    for name in ("submit", "status"):
        variables = of_zone.functions()[name]["Environment"]["Variables"]
        assert variables["FILES_URL"] == f"https://{DOMAIN}"
        for each in (template, local_template):
            assert each.functions()[name]["Environment"]["Variables"]["FILES_URL"] == ""
    for name in ("submit", "worker", "relay", "intake"):
        variables = of_zone.functions()[name]["Environment"]["Variables"]
        assert variables["PUBLIC_URL"] == f"https://{DOMAIN}"


def deployed(**outputs):
    rows = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]
    return next_steps("darkroom-dev", "eu-west-1", {"Outputs": rows})


def test_the_next_steps_name_the_records_that_are_left_to_make():
    said = deployed(ApiUrl=f"https://{DOMAIN}", DomainTarget="d-1.aws", DialectsTarget="d-2.aws")
    assert f"\n  {DOMAIN}    CNAME  d-1.aws\n  *.{DOMAIN}  CNAME  d-2.aws\n" in said
    assert f"curl -s https://{DOMAIN}/v1/jobs" in said
    assert "CNAME" not in deployed(ApiUrl=f"https://{DOMAIN}")
