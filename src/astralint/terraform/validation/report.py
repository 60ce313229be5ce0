"""Where the checks of a module put what they find."""

from __future__ import annotations

from astralint.hcl.syntax import Attribute, Block, Node
from astralint.source.diagnostic import Diagnostic, Label
from astralint.source.span import Span
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.language.language import Language, Since, those_who_know


class Findings:
    """The problems of a module in a language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.diagnostics: list[Diagnostic] = []

    def add(self, message: str, span: Span, *, labels: tuple[Label, ...] = (), help: str | None = None) -> None:
        """Note that a configuration is refused."""
        self.diagnostics.append(
            Diagnostic("invalid-configuration", "error", message, span, labels=labels, help=help, broken=True)
        )

    def at(self, message: str, source: SourceFile, node: Node, *, help: str | None = None) -> None:
        """Note it at a node."""
        self.add(message, source.span_of(node), help=help)

    def at_name(self, message: str, source: SourceFile, attribute: Attribute, *, help: str | None = None) -> None:
        """Note it at an argument's name."""
        self.add(message, source.span(attribute.start, attribute.name_end), help=help)

    def at_header(self, message: str, source: SourceFile, block: Block, *, help: str | None = None) -> None:
        """Note it at a block's type and labels."""
        self.add(message, source.header(block), help=help)

    def knows(self, what: str, since: Since | None, span: Span) -> bool:
        """Return whether the language knows something; note it where it does not."""
        if since is None or self.language.knows(since):
            return True
        self.diagnostics.append(
            Diagnostic(
                "other-version",
                "error",
                f"{what} needs {those_who_know(since)}, and this is evaluated as {self.language}",
                span,
                broken=True,
            )
        )
        return False
