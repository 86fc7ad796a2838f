"""CloudFront before the API: TLS near the client, files from its caches, and a firewall."""

from __future__ import annotations

from aws_cdk import Duration, Fn, Stack
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.api import PublicApi
from infra.constructs.domain import OwnDomain, Target
from infra.constructs.firewall import Firewall
from infra.constructs.nag import accept
from infra.constructs.storage import removal
from infra.options import Options

# A deleted file is gone from all caches after so long, without a call of the deletion's.
FILE_SECONDS = 60
# The zone of all distributions' names, everywhere.
ZONE = "Z2FDTNDATAQYW2"
# A little more than a function may take.
ORIGIN_SECONDS = 30
# The functions' name of it is in functions/darkroom/handlers/gateway.py.
KEY_HEADER = "X-Darkroom-CDN-Key"
# The headers by which one client's answers are kept apart from another's. How long one is kept the
# answer itself says: most say no-store.
KEYS_OF_CLIENTS = ("Authorization", "X-API-Key")


class Cdn(Construct):
    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        api: PublicApi,
        domain: OwnDomain | None,
        options: Options,
    ) -> None:
        super().__init__(scope, name)
        if domain:
            # It answers by the name that the client asked for, and so for the dialects' hosts.
            forwarded = cloudfront.OriginRequestPolicy.ALL_VIEWER
            origin_name = domain.targets["DomainTarget"].name
        else:
            # The gateway knows its own name only.
            forwarded = cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER
            origin_name = Fn.select(2, Fn.split("/", api.api_endpoint))
        self.key = self._key()
        origin = origins.HttpOrigin(
            origin_name,
            read_timeout=Duration.seconds(ORIGIN_SECONDS),
            custom_headers={KEY_HEADER: self.key},
        )
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"darkroom-{options.stage}",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origin,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=self._compressed(options),
                origin_request_policy=forwarded,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            ),
            additional_behaviors={
                "/v1/files/*": cloudfront.BehaviorOptions(
                    origin=origin,
                    allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
                    cache_policy=self._files(options),
                    origin_request_policy=forwarded,
                    viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
                )
            },
            # What is not there yet may be there in a second.
            error_responses=[
                cloudfront.ErrorResponse(http_status=status, ttl=Duration.seconds(0))
                for status in (400, 403, 404, 405, 500, 502, 503, 504)
            ],
            domain_names=domain.hosts if domain else None,
            certificate=(
                certificates.Certificate.from_certificate_arn(
                    self, "Certificate", str(options.cdn_certificate_arn)
                )
                if domain
                else None
            ),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            web_acl_id=self._firewall(options),
        )
        name_of_aws = self.distribution.distribution_domain_name
        self.address = f"https://{options.domain or name_of_aws}"
        self.target = Target(name_of_aws, ZONE)
        _acknowledge(self.distribution, options)

    def _key(self) -> str:
        """What functions know a request through CloudFront by, as the API's own name stays open: a
        reference that CloudFormation resolves, so that the template has no secret.
        """
        secret = secretsmanager.Secret(
            self,
            "Key",
            description="Sent by CloudFront with each request",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=64, exclude_punctuation=True
            ),
            removal_policy=removal(keep_data=False),
        )
        accept(
            secret,
            "AwsSolutions-SMG4",
            because="With it a client could choose the address that it is counted by, and no more.",
        )
        return secret.secret_value.unsafe_unwrap()

    def _files(self, options: Options) -> cloudfront.CachePolicy:
        """By the whole signed address: who has not that address has no file."""
        life = Duration.seconds(FILE_SECONDS)
        return cloudfront.CachePolicy(
            self,
            "Files",
            cache_policy_name=_policy_name(self, options, "files"),
            # The least is what makes it keep what the answer calls private, which is for browsers.
            min_ttl=life,
            default_ttl=life,
            max_ttl=life,
            query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
            # A page's origin, as the answer's CORS names it.
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list("Origin"),
        )

    def _compressed(self, options: Options) -> cloudfront.CachePolicy:
        """It compresses only what it might keep."""
        by_name = ("Host",) if options.domain else ()
        return cloudfront.CachePolicy(
            self,
            "Answers",
            cache_policy_name=_policy_name(self, options, "answers"),
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(0),
            max_ttl=Duration.seconds(1),
            query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list(
                *KEYS_OF_CLIENTS, "Origin", *by_name
            ),
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )

    def _firewall(self, options: Options) -> str | None:
        if options.waf == "1":
            return Firewall(self, "Firewall", stage=options.stage).attr_arn
        return options.waf or None


def _policy_name(scope: Construct, options: Options, name: str) -> str:
    """With the region: CloudFront's names are the account's, in all regions together."""
    return f"darkroom-{options.stage}-{Stack.of(scope).region}-{name}"


def _acknowledge(distribution: cloudfront.Distribution, options: Options) -> None:
    accept(
        distribution,
        "AwsSolutions-CFR1",
        because="Clients may be anywhere: who is one is decided by keys, not by countries.",
    )
    if not options.waf:
        accept(
            distribution,
            "AwsSolutions-CFR2",
            because="A firewall costs by the request, and is there for the key waf.",
        )
    accept(
        distribution,
        "AwsSolutions-CFR3",
        because="Its access log has whole addresses, and a file's holds its signature. The API "
        "logs each request that reaches it.",
    )
    if not options.domain:
        accept(
            distribution,
            "AwsSolutions-CFR4",
            because="CloudFront's own certificate, for its own name, comes with its own protocols.",
        )
