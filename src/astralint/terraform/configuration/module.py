"""A module's declarations, merged from all of its files."""

from __future__ import annotations

from dataclasses import dataclass, field

from astralint.hcl.syntax import Block
from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Span
from astralint.terraform.configuration.body import Argument, MergedBody, NestedBody, SourceFile
from astralint.terraform.language.language import Language

ResourceKey = tuple[str, str, str]
"""Mode (`managed`, `data` or `ephemeral`), type, name."""


@dataclass(slots=True, eq=False)
class Declaration:
    """A top-level block: what every kind of declaration has."""

    block: Block
    source: SourceFile
    body: MergedBody
    header: Span = field(init=False)

    def __post_init__(self) -> None:
        self.header = self.source.header(self.block)

    def argument(self, name: str) -> Argument | None:
        return self.body.arguments.get(name)


@dataclass(slots=True, eq=False)
class Resource(Declaration):
    """A `resource`, `data` or `ephemeral` block."""

    mode: str = "managed"
    type: str = ""
    name: str = ""

    @property
    def address(self) -> str:
        """The address within its module, without an instance key."""
        return f"{self.type}.{self.name}" if self.mode == "managed" else f"{self.mode}.{self.type}.{self.name}"


@dataclass(slots=True, eq=False)
class NamedDeclaration(Declaration):
    """A `variable`, `output`, `module` or `check` block."""

    name: str = ""


@dataclass(slots=True, eq=False)
class Provider(Declaration):
    """A `provider` block; `alias` is "" for a default configuration."""

    local_name: str = ""
    alias: str = ""


@dataclass(slots=True)
class RequiredProvider:
    """An entry of `required_providers`."""

    source: str
    version: str | None
    aliases: tuple[str, ...]
    span: Span


@dataclass(slots=True)
class Module:
    """One directory's configuration.

    `incomplete` are the reasons why something may be missing from it (a file that
    does not parse): absence of a declaration proves nothing then.
    """

    path: str
    files: list[SourceFile] = field(default_factory=list)
    variables: dict[str, NamedDeclaration] = field(default_factory=dict)
    locals: dict[str, Argument] = field(default_factory=dict)
    outputs: dict[str, NamedDeclaration] = field(default_factory=dict)
    resources: dict[ResourceKey, Resource] = field(default_factory=dict)
    module_calls: dict[str, NamedDeclaration] = field(default_factory=dict)
    providers: dict[tuple[str, str], Provider] = field(default_factory=dict)
    required_providers: dict[str, RequiredProvider] = field(default_factory=dict)
    terraform_blocks: list[NestedBody] = field(default_factory=list)
    backend: NestedBody | None = None
    cloud: NestedBody | None = None
    moved: list[Declaration] = field(default_factory=list)
    imports: list[Declaration] = field(default_factory=list)
    removed: list[Declaration] = field(default_factory=list)
    actions: dict[tuple[str, str], Declaration] = field(default_factory=dict)
    checks: dict[str, NamedDeclaration] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    refused: dict[tuple[Language, bool], tuple[Diagnostic, ...]] = field(default_factory=dict)
    """What a language refuses in it, as the root or as a called module: told once."""
    incomplete: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.files
