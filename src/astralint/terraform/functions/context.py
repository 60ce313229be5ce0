"""What functions ask of the place in which an expression stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from astralint.source.partial import PartialText
    from astralint.terraform.language.language import Language
    from astralint.terraform.values.value import Value


OwnFunction = Callable[[list["Value"]], "Value"]
"""A function that only this context has; it raises EvaluationError."""


class FunctionContext(Protocol):
    """The world outside of a function's arguments.

    Paths are as the expression gives them: relative ones start at the directory
    in which Terraform runs. A path that leaves the scanned tree is refused by
    `EvaluationError(code="outside-boundary")`.
    """

    def read(self, path: str, argument: int) -> bytes:
        """Return a file's content; raise EvaluationError where Terraform would, or where it may not be read."""
        ...

    def exists(self, path: str) -> bool:
        """Return whether there is a regular file at `path`; raise EvaluationError for a directory."""
        ...

    def absolute(self, path: str) -> PartialText:
        """Return a relative path as an absolute one, as far as it is known."""
        ...

    def glob(self, directory: str, pattern: str) -> list[str]:
        """Return the regular files below `directory` that match, relative to it, with `/` between parts.

        The pattern's language is that of Terraform's `fileset`; see
        `astralint.terraform.functions.globbing.compile_pattern`.
        """
        ...

    def render_template(self, text: str, name: str, variables: Mapping[str, Value], depth: int) -> Value:
        """Evaluate a template with nothing but `variables` in scope.

        `name` is the template's file name for messages. `depth` counts the
        templates that are being rendered around it; the context gives it back
        through `template_depth` while it renders.
        """
        ...

    @property
    def language(self) -> Language:
        """The dialect and version whose functions these are."""
        ...

    @property
    def own(self) -> Mapping[str, OwnFunction]:
        """The functions that are there beside Terraform's, by name."""
        ...

    @property
    def template_depth(self) -> int:
        """How many templates are being rendered around this call."""
        ...
