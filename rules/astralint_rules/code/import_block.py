"""AL405."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from astralint.rules.api import Evidence, Platform, Violation, Workspace, rule
from astralint.rules.api.code import SourceFile, syntax
from astralint_rules.code.written import address, argument, blocks, type_of


class Adoption(NamedTuple):
    """An `import` block of a literal id."""

    workspace: Workspace
    source: SourceFile
    block: syntax.Block
    type: str
    id: str

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


def adoptions(platform: Platform) -> Iterator[tuple[Adoption, Adoption]]:
    """Yield what two workspaces import: the later block with the earlier one."""
    seen: dict[tuple[str, str, str], Adoption] = {}
    for workspace, source, block in blocks(platform, "import"):
        id_, account = argument(block.body, "id"), workspace.account_or_none
        if not isinstance(id_, syntax.Literal) or not isinstance(id_.value, str) or account is None:
            continue
        one = Adoption(workspace, source, block, type_of(address(argument(block.body, "to"))), id_.value)
        # An ARN, and a bucket's name, mean the same thing in every account.
        where = "" if one.id.startswith("arn:") or one.type == "aws_s3_bucket" else account.name
        first = seen.setdefault((where, one.type, one.id), one)
        if first.workspace is not workspace:
            yield one, first


@rule("AL405", "import-block", severity="warning", each=adoptions, tags=("code",))
def check(pair: tuple[Adoption, Adoption], platform: Platform) -> Iterator[Violation]:
    """Each thing is imported into one workspace only.

    ## Why

    What two workspaces manage belongs to neither: each plan undoes what the other did, and
    destroying one takes it from the other.

    ## Bad

    ```hcl
    # workspaces/production-network and workspaces/production-legacy
    import {
      to = aws_vpc.main
      id = "vpc-0a1b2c3d4e5f60718"
    }
    ```

    ## Good

    One workspace imports it, the other reads its outputs.

    ## Exceptions

    An `import` block that stays after the import is harmless, and is no finding: it says where something came from.
    """
    again, first = pair
    yield again.workspace.violation(
        f"`{again.type}` `{again.id}` is imported into `{again.workspace}` and into `{first.workspace}`",
        again.source.header(again.block),
        "imported again",
        subject=f"import {again.type} {again.id}",
        evidence=(Evidence(first.source.header(first.block), "imported here", first.workspace.name),),
        help="keep one of them, and read the outputs of its workspace in the other",
    )
