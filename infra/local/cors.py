"""Where MiniStack keeps a template's CORS under names that it does not look at itself.

CloudFormation's names begin with a capital letter, those of API Gateway's own calls do not.
MiniStack stores the template's as they are and reads the others, so that it refuses every origin.
The same configuration is given once more, by the call.
"""

from __future__ import annotations

import json
from typing import Any

from infra.local.aws import Aws


def allow_origins(aws: Aws, stack: str, api_id: str) -> None:
    body: Any = aws.cloudformation().get_template(StackName=stack)["TemplateBody"]
    template = json.loads(body) if isinstance(body, str) else body
    for resource in template["Resources"].values():
        cors = resource.get("Properties", {}).get("CorsConfiguration")
        if resource["Type"] == "AWS::ApiGatewayV2::Api" and cors:
            aws.client("apigatewayv2").update_api(ApiId=api_id, CorsConfiguration=dict(cors))
