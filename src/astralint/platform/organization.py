"""What the platform knows of its own organization: the `aws_organizations_*` data sources."""

from __future__ import annotations

from collections.abc import Sequence

from astralint.config.settings import Settings
from astralint.terraform.requests import Answer, OrganizationRequest
from astralint.terraform.results import ResourceInstance, WorkspaceResult
from astralint.terraform.values.types import STRING
from astralint.terraform.values.value import Origin, Reason, Value, object_of, string, symbolic, unknown

ORGANIZATION_SYMBOL = "organization:id"


def organization_id(settings: Settings) -> Value:
    """Return the organization's id, or the symbol that stands for it."""
    if settings.platform.organization_id:
        return string(settings.platform.organization_id)
    return symbolic(
        ORGANIZATION_SYMBOL, Reason("organization-not-known", "the organization's id is not in the configuration")
    )


def organization_answer(request: OrganizationRequest, settings: Settings, results: Sequence[WorkspaceResult]) -> Answer:
    """Answer `aws_organizations_organization`; the other topics have no answer yet."""
    if request.topic != "aws_organizations_organization":
        return Answer(reason=Reason("data-source", f"`{request.topic}` is read from AWS"))
    made = [
        (result, resource)
        for result in results
        for resource in result.resources
        if resource.mode == "managed" and resource.type == "aws_organizations_organization" and not resource.uncertain
    ]
    attributes: dict[str, Value] = {"id": organization_id(settings)}
    management = next((account for account in settings.accounts if account.kind == "management"), None)
    if management is not None and management.id:
        attributes["master_account_id"] = string(management.id)
    if len(made) != 1:
        return Answer(object_of(attributes))
    result, resource = made[0]
    return Answer(object_of(_made(result, resource, attributes)), None, result.name, resource.span)


def _made(result: WorkspaceResult, resource: ResourceInstance, attributes: dict[str, Value]) -> dict[str, Value]:
    raw = resource.values.raw
    found: dict[str, Value] = {}
    for name, value in raw.items() if isinstance(raw, dict) else ():
        origin = Origin("resource", f"{resource.address}.{name}", result.name, resource.span, value.origins)
        found[name] = value.with_origins(frozenset((origin,)))
    for name, value in attributes.items():
        origins = found[name].origins if name in found else frozenset()
        found[name] = value.with_origins(origins)
    identifier = attributes["id"]
    if "arn" not in found and isinstance(identifier.raw, str):
        found["arn"] = unknown(
            Reason("known-after-apply", "the organization's ARN holds the management account"), STRING
        )
    return found
