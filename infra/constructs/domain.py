"""A domain of the operator's own: the API answers there, and dialects at names below it."""

from __future__ import annotations

from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_route53 as route53
from constructs import Construct

from infra.constructs.api import PublicApi
from infra.options import Options


class OwnDomain(Construct):
    def __init__(
        self, scope: Construct, name: str, *, api: PublicApi, domain: str, options: Options
    ) -> None:
        super().__init__(scope, name)
        # `powerpost.images.example.com` is the dialect of that name.
        hosts = {"Domain": domain, "Dialects": f"*.{domain}"}
        certificate = self._certificate(hosts, options)
        # By the name of an output: where the records lead that the operator makes.
        self.targets = {
            f"{id_}Target": self._host(id_, host, api, certificate, options)
            for id_, host in hosts.items()
        }

    def _certificate(self, hosts: dict[str, str], options: Options) -> certificates.ICertificate:
        if options.certificate_arn:
            return certificates.Certificate.from_certificate_arn(
                self, "Certificate", options.certificate_arn
            )
        own, dialects = hosts.values()
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
        options: Options,
    ) -> str:
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
        mapping.add_dependency(api.stage)
        if options.hosted_zone:
            for kind in ("A", "AAAA"):
                route53.CfnRecordSet(
                    self,
                    f"{id_}{kind}",
                    hosted_zone_id=options.hosted_zone,
                    name=host,
                    type=kind,
                    alias_target=route53.CfnRecordSet.AliasTargetProperty(
                        dns_name=made.regional_domain_name,
                        hosted_zone_id=made.regional_hosted_zone_id,
                    ),
                )
        return made.regional_domain_name
