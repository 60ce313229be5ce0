"""Write down which arguments of which AWS resources name a role that AWS then acts as for the resource.

Read from the recorded schema of the provider (`scripts/record_schema.py`): an argument is taken by its name, and
what is named alike and means something else is left out by the lists below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from astralint.aws.schema import RawBlock, resource_schema, resource_types

TARGET = Path(__file__).parents[1] / "src" / "astralint" / "aws" / "data" / "role_references.json"
NAMED = re.compile(r"(?:.*_)?(?:role|roles|role_arn|role_arns|role_name)|(?:.*_)?instance_profile(?:_arn|_name)?")
# A block of this name holds the profile in arguments called otherwise.
PROFILE_BLOCKS = {"iam_instance_profile": ("arn", "name")}
# Roles of databases, groups and the like, permissions instead of use, and what is bound or trusted elsewhere.
OTHER_TYPES = re.compile(
    r"aws_(?:iam_(?!instance_profile\b)|ssoadmin_|identitystore_|organizations_|cognito_(?!.*user_pool_client)|rolesanywhere_|iot_role_alias"
    r"|eks_access_|eks_pod_identity|ssm_activation|quicksight_(?!vpc_connection|data_source)|opsworks_permission|opensearch_domain_saml"
    r"|globalaccelerator_|verifiedpermissions_|workspaces_ip|redshiftdata_|grafana_role)"
)
OTHER_ARGUMENTS = {
    ("aws_codestarnotifications_notification_rule", "target[].role"),
    ("aws_elasticache_replication_group", "role"),
    ("aws_bedrockagent_prompt", "variant[].template_configuration[].chat[].message[].role"),
    ("aws_budgets_budget_action", "definition[].iam_action_definition[].roles"),
    ("aws_eks_addon", "pod_identity_association[].role_arn"),
    ("aws_grafana_workspace", "organization_role_name"),
    ("aws_mq_broker", "ldap_server_metadata[].role_name"),
    ("aws_mq_broker", "ldap_server_metadata[].user_role_name"),
    ("aws_mq_broker", "ldap_server_metadata[].role_base"),
}


def paths(block: RawBlock, prefix: str = "") -> Iterator[str]:
    """Yield the arguments of a block and its nested blocks that name a role."""
    for name, attribute in sorted(block.attributes.items()):
        configurable = attribute.required or attribute.optional
        if (
            configurable
            and NAMED.fullmatch(name)
            and attribute.type in ("string", ["set", "string"], ["list", "string"])
        ):
            yield prefix + name
    for name, nested in sorted(block.blocks.items()):
        inner = f"{prefix}{name}[]."
        yield from (
            inner + argument for argument in PROFILE_BLOCKS.get(name, ()) if argument in nested.block.attributes
        )
        yield from paths(nested.block, inner)


def main() -> None:
    found: dict[str, list[str]] = {}
    for type_ in resource_types("managed"):
        block = resource_schema("managed", type_)
        if block is None or OTHER_TYPES.match(type_):
            continue
        names = [path for path in paths(block) if (type_, path) not in OTHER_ARGUMENTS]
        if names:
            found[type_] = names
    lines = (f" {json.dumps(type_)}: {json.dumps(names)}" for type_, names in sorted(found.items()))
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    print(f"{len(found)} types, {sum(map(len, found.values()))} arguments")


if __name__ == "__main__":
    main()
