"""AL214."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`caches`: names, with `*`, of repositories whose tags may move."""

    caches: tuple[str, ...] = ("*cache*",)


@rule("AL214", "mutable-artifact", severity="note", each="aws_ecr_repository", tags=("artifact",), options=Options)
def check(repository: Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """A tag of an image names one image for ever.

    ## Why

    What was tested as `1.4.0` is what runs as `1.4.0` only if nobody can push another image under that tag.

    ## Bad

    ```hcl
    resource "aws_ecr_repository" "api" {
      name = "api"
    }
    ```

    ## Good

    ```hcl
    resource "aws_ecr_repository" "api" {
      name                 = "api"
      image_tag_mutability = "IMMUTABLE"
    }
    ```

    ## Exceptions

    Caches of builds: the option `caches` names them. `IMMUTABLE_WITH_EXCLUSION` says itself which tags may move.
    """
    mutability = repository["image_tag_mutability"] or "MUTABLE"
    name = repository.text("name")
    if mutability != "MUTABLE" or any(fnmatchcase(str(name), pattern) for pattern in options.caches):
        return
    _ = repository["name"]
    is_set = "image_tag_mutability" in repository.arguments
    yield repository.finding(
        f"tags of the repository `{name}` may be moved to another image",
        at=("image_tag_mutability",) if is_set else (),
        label="tags are mutable",
        help='set `image_tag_mutability = "IMMUTABLE"`',
    )
