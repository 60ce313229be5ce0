"""What a Terragrunt configuration says, evaluated, before and after its includes are merged."""

from __future__ import annotations

from dataclasses import dataclass, field

from astralint.source.span import Span
from astralint.source.tree import TreePath
from astralint.terraform.values.value import Value


@dataclass(slots=True)
class Given:
    """A value, and where it stands."""

    value: Value
    span: Span


@dataclass(slots=True)
class Generated:
    """A `generate` block; `offset` is where a heredoc's text begins, if that is what the contents are."""

    path: Value
    if_exists: Value
    contents: Value
    span: Span
    disabled: bool = False
    signature: str | None = None
    offset: int | None = None


@dataclass(slots=True)
class RemoteState:
    """A `remote_state` block; `generated` is None where the backend's arguments are handed to `init`."""

    backend: Value
    config: Value
    span: Span
    generated: Value | None = None


@dataclass(slots=True)
class Dependency:
    """A `dependency` block. `path` is the other unit's directory, None where it is not known."""

    name: str
    config_path: Value
    path: TreePath | None
    span: Span
    enabled: bool = True
    skip_outputs: bool = False
    mocks: Value | None = None
    strategy: str = "no_merge"


@dataclass(slots=True)
class ExtraArguments:
    """An `extra_arguments` block of a `terraform` block, as `plan` sees it; its paths are as they are given."""

    label: str
    span: Span
    commands: Value
    arguments: Value | None = None
    required: Value | None = None
    optional: Value | None = None
    environment: Value | None = None


@dataclass(slots=True)
class Exclusion:
    """An `exclude` block."""

    condition: Value
    actions: Value
    span: Span


@dataclass(slots=True)
class Config:
    """All that counts of one configuration. `file` is where it is written."""

    file: TreePath
    locals: dict[str, Value] = field(default_factory=dict)
    inputs: dict[str, Given] = field(default_factory=dict)
    whole_inputs: Given | None = None
    """The inputs as one value, where they are not known one by one."""
    has_terraform: bool = False
    source: Given | None = None
    arguments: dict[str, ExtraArguments] = field(default_factory=dict)
    hooks: dict[str, Given] = field(default_factory=dict)
    remote_state: RemoteState | None = None
    generated: dict[str, Generated] = field(default_factory=dict)
    dependencies: dict[str, Dependency] = field(default_factory=dict)
    order: list[Given] = field(default_factory=list)
    features: dict[str, Given] = field(default_factory=dict)
    exclusion: Exclusion | None = None
    iam_role: Given | None = None
