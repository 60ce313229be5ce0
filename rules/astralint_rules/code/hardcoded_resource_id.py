"""AL401."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astralint.rules.api import Evidence, Platform, Violation, Workspace, rule
from astralint.rules.api.code import SourceFile, syntax
from astralint_rules.code.written import modules, texts

RESOURCE_ID = re.compile(
    r"(?<![\w-])(?:vpc|subnet|sg|rtb|igw|nat|vpce|tgw|eni|i|vol|snap|pcx|eipalloc|acl|ami|lt|dopt|cgw|vgw|vpn|fl|fs)"
    r"-[0-9a-f]{8}(?:[0-9a-f]{9})?(?![\w-])"
)
ZONE_ID = re.compile(r"\bZ[A-Z0-9]{12,31}\b")
KEY_ARN = re.compile(r"\barn:[a-z-]+:(?:kms:[^:]*:\d{12}:key|acm:[^:]*:\d{12}:certificate)/[0-9a-f-]{36}\b")
ZONE_ATTRIBUTES = frozenset({"zone_id", "hosted_zone_id"})
AWS_ZONES = frozenset({"Z2FDTNDATAQYW2", "Z2BJ6XQ5FK7U4H"})
"""Of CloudFront and Global Accelerator, which are the same everywhere."""
SKIPPED_BLOCKS = frozenset({"import", "variable", "moved", "removed", "check"})


@rule("AL401", "hardcoded-resource-id", severity="warning", each=modules, tags=("code",))
def check(subject: tuple[Workspace, SourceFile], platform: Platform) -> Iterator[Violation]:
    """Resources are referred to by reference, not by a literal id.

    ## Why

    An id in the code points to something that another code, or nobody's code, made. It
    breaks when that is replaced, differs from environment to environment, and hides
    that a person has clicked something together.

    ## Bad

    ```hcl
    resource "aws_instance" "api" {
      subnet_id = "subnet-0a1b2c3d4e5f60718"
    }
    ```

    ## Good

    ```hcl
    resource "aws_instance" "api" {
      subnet_id = aws_subnet.private["a"].id
    }
    ```

    ## Exceptions

    `import` blocks need ids. Descriptions, variable defaults and comments are not
    judged, nor the zone ids of AWS itself: those in `alias` blocks of records. Keys and
    certificates of accounts that are not the platform's can be named by their ARN only.
    """
    workspace, source = subject
    for attribute, block in _attributes(source.file.body, ""):
        for found, node in _literal_ids(attribute, block):
            if _is_of_others(found, platform):
                continue
            yield Violation(
                f"`{attribute.name}` holds the literal id `{found}`",
                Evidence(source.span_of(node), "a literal id", workspace.name),
                subject=f"{source.path}:{attribute.name}={found}",
                workspace=workspace.name,
            )


def _is_of_others(found: str, platform: Platform) -> bool:
    """Say whether an id is an ARN in an account that no code here is known to be for: nothing could be referred to."""
    account = found.split(":")[4] if found.startswith("arn:") else ""
    return bool(account and platform.settings.accounts) and platform.account_of(account) is None


def _attributes(body: syntax.Body, block_type: str) -> Iterator[tuple[syntax.Attribute, str]]:
    """Yield the attributes, each with the type of the block that it stands in."""
    for attribute in body.attributes:
        yield attribute, block_type
    for block in body.blocks:
        if block.type not in SKIPPED_BLOCKS:
            yield from _attributes(block.body, block.type)


def _literal_ids(attribute: syntax.Attribute, block_type: str) -> Iterator[tuple[str, syntax.Node]]:
    if attribute.name in ("description", "comment"):
        return
    for text, node in texts(attribute.expression):
        match = (RESOURCE_ID.search(text) if "-" in text else None) or (
            KEY_ARN.search(text) if "arn:" in text else None
        )
        if match is not None:
            yield match[0], node
        elif attribute.name in ZONE_ATTRIBUTES and block_type != "alias" and _is_zone(text):
            yield text, node


def _is_zone(text: str) -> bool:
    return ZONE_ID.fullmatch(text) is not None and text not in AWS_ZONES
