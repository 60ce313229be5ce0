"""What is evaluated: one root module with its variables, state and name."""

from __future__ import annotations

import msgspec

from astralint.source.span import Span
from astralint.source.tree import TreePath
from astralint.terraform.language.language import TERRAFORM, Language
from astralint.terraform.state.facts import StateFacts
from astralint.terraform.values.value import Value


class GivenVariable(msgspec.Struct, frozen=True, eq=False):
    """A root variable's value from the configuration, and where it was given.

    One that is given as an environment variable (`TF_VAR_`) is a text, which the variable's type reads.
    """

    value: Value
    span: Span | None
    environment: bool = False


class WorkspaceSpec(msgspec.Struct, frozen=True, eq=False):
    """One evaluation of a root module.

    `name` identifies it within the platform. `directory` is the root module.
    `terraform_workspace` is what `terraform.workspace` gives (None: not known); then it is
    taken for `assumed_workspace`, unless that makes errors.
    `variable_files` come after those that Terraform loads by itself, in order;
    `variables` come last, as `-var` does. `backend_files` complete a partial
    backend (`-backend-config`). `account` is the account that configuration or
    discovery gives to the workspace as a whole ("" for none). `generated` says that
    a tool adds files to the root which are not in the tree (Terragrunt): what it
    refers to may be declared there. `language` is what the root is written in. `layout` names the layout that it is part of; where
    that is not plain, `template` is the directory that the one at `directory` is made
    from ("" where it is there itself), `values` are what it is made with,
    `peers` the
    directories of others that it may name, `environment` the variables that it may read,
    `unit` what others of the layout call it where its directory does not tell.
    `facts` are what its state says, where one was given.
    """

    name: str
    directory: TreePath
    terraform_workspace: str | None = "default"
    variable_files: tuple[TreePath, ...] = ()
    variables: dict[str, GivenVariable] = {}
    backend_files: tuple[TreePath, ...] = ()
    account: str = ""
    account_number: str = ""
    region: str = ""
    generated: bool = False
    language: Language = TERRAFORM
    assumed_workspace: str | None = None
    layout: str = "plain"
    template: TreePath = ""
    values: dict[str, GivenVariable] = {}
    peers: tuple[TreePath, ...] = ()
    environment: dict[str, str] = {}
    unit: str = ""
    facts: StateFacts | None = None
