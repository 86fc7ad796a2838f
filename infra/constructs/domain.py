"""A domain of the operator's own: the API answers there, and dialects at names below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_route53 as route53
from constructs import Construct

from infra.constructs.api import PublicApi
from infra.options import Options


@dataclass(frozen=True, slots=True)
class Target:
    """What a record of the domain points to, and the zone of AWS that this name is in."""

    name: str
    zone: str


class OwnDomain(Construct):
    def __init__(
        self, scope: Construct, name: str, *, api: PublicApi, domain: str, options: Options
    ) -> None:
        super().__init__(scope, name)
        # `powerpost.images.example.com` is the dialect of that name.
        by_id = {"Domain": domain, "Dialects": f"*.{domain}"}
        self.hosts = list(by_id.values())
        certificate = self._certificate(options)
        # By the name of an output: what the records point to that the operator makes.
        self.targets = {
            f"{id_}Target": self._host(id_, host, api, certificate) for id_, host in by_id.items()
        }

    def _certificate(self, options: Options) -> certificates.ICertificate:
        if options.certificate_arn:
            return certificates.Certificate.from_certificate_arn(
                self, "Certificate", options.certificate_arn
            )
        own, dialects = self.hosts
        zone = route53.HostedZone.from_hosted_zone_id(self, "Zone", str(options.hosted_zone))
        return certificates.Certificate(
            self,
            "Certificate",
            domain_name=own,
            subject_alternative_names=[dialects],
            # The records stay in the zone, by which AWS renews it.
            validation=certificates.CertificateValidation.from_dns(zone),
        )

    def _host(
        self,
        id_: str,
        host: str,
        api: PublicApi,
        certificate: certificates.ICertificate,
    ) -> Target:
        made = apigateway.DomainName(
            self,
            id_,
            domain_name=host,
            certificate=certificate,
            security_policy=apigateway.SecurityPolicy.TLS_1_2,
        )
        mapping = apigateway.CfnApiMapping(
            self,
            f"{id_}Mapping",
            api_id=api.api_id,
            domain_name=made.name,
            stage=api.stage.stage_name,
        )
        mapping.node.add_dependency(api.stage)
        return Target(made.regional_domain_name, made.regional_hosted_zone_id)

    def add_records(self, targets: Mapping[str, Target], zone: str) -> None:
        """In the hosted zone."""
        for (id_, target), host in zip(targets.items(), self.hosts, strict=True):
            for kind in ("A", "AAAA"):
                route53.CfnRecordSet(
                    self,
                    f"{id_}{kind}",
                    hosted_zone_id=zone,
                    name=host,
                    type=kind,
                    alias_target=route53.CfnRecordSet.AliasTargetProperty(
                        dns_name=target.name, hosted_zone_id=target.zone
                    ),
                )
