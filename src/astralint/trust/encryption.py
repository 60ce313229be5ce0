"""What else an action takes: the right to use the key that encrypts a resource."""

from __future__ import annotations

from astralint.aws.actions import catalogue
from astralint.aws.text import Text, starts_with
from astralint.estate.model import Resource
from astralint.estate.origins import resource_behind
from astralint.estate.views import text
from astralint.terraform.values.value import Value
from astralint.trust.permissions import Asked, Permissions
from astralint.trust.resource_policies import Encrypted, services
from astralint.trust.targets import of_resource

KEYS = ("aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key", "aws_kms_replica_external_key")


def needed_of_key(permissions: Permissions, asked: Asked) -> Asked | Text | None:
    """Return what an action needs of the key of its resource; the key's name where no workspace makes it; None for no key.

    Everybody of the account may use AWS's own keys through the service.
    """
    resource = asked.target.resource if asked.target is not None else None
    if resource is None:
        return None
    for entry in services().encrypted:
        if entry.resource == resource.type and entry.action.lower() == str(asked.action).lower():
            return _of(permissions, resource, entry)
    return None


def _key(permissions: Permissions, value: Value | None) -> Resource | None:
    """Return the key that a value names, directly or by an alias of it."""
    estate = permissions.estate
    alias = resource_behind(estate, value, "aws_kms_alias")
    if alias is not None and alias.mode == "managed":
        value = alias.value("target_key_id")
    return resource_behind(estate, value, *KEYS)


def _of(permissions: Permissions, resource: Resource, entry: Encrypted) -> Asked | Text | None:
    value = resource.value(entry.key) if entry.key in resource.arguments else None
    if value is None or value.raw is None or value.raw == "":
        return None
    name = text(value)
    key = _key(permissions, value)
    if key is None or key.mode != "managed":
        return None if name is None or starts_with(name, "alias/aws/") else name
    action = catalogue().find(entry.needs)
    wanted = of_resource(key)
    return permissions.asked(action, wanted.arn, wanted) if action is not None else None
