"""Which version of the AWS provider a root runs with: by its lock file, by what its modules require, by what they use.

An exact version of the lock file decides, else the newest one that all `required_providers` allow. Where nothing says
anything, it is the recorded one. What only version 6 takes proves it, whatever else is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from astralint.aws.provider_versions import RECORDED, REGIONAL, is_of_version_6
from astralint.hcl.syntax import Literal
from astralint.source.tree import SourceError, TreePath, join
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.configuration.local_modules import local_modules
from astralint.terraform.configuration.module import Module
from astralint.terraform.language.version import Version, parse_constraint, parse_version
from astralint.terraform.root_language import LOCK_FILE

_LOCKED = re.compile(rb'provider\s+"[^"\n]*/hashicorp/aws"\s*\{[^}]*?\bversion\s*=\s*"([^"\n]+)"')
_MINORS = 100


def provider_version(loader: ModuleLoader, directory: TreePath) -> int:
    """Return the major version of the AWS provider that the root module in a directory runs with."""
    modules = list(local_modules(loader, directory))
    if any(_uses_version_6(module) for module in modules):
        return REGIONAL
    locked = _locked(loader, directory)
    if locked is not None:
        return REGIONAL if locked[0] >= REGIONAL else RECORDED
    wanted = [text for module in modules for text in _constraints(module)]
    tests = [test for text in dict.fromkeys(wanted) if (test := parse_constraint(text)) is not None]
    if not tests:
        return RECORDED
    named = (parse_version(part.strip().lstrip("=!<>~ ")) for text in wanted for part in text.split(","))
    candidates: list[Version] = [(REGIONAL, minor, 0) for minor in range(_MINORS)]
    candidates += [version for version in named if version is not None and version[0] >= REGIONAL]
    allowed = any(all(test(version) for test in tests) for version in candidates)
    return REGIONAL if allowed else RECORDED


def _uses_version_6(module: Module) -> bool:
    return any(
        is_of_version_6(resource.mode, resource.type, resource.body.arguments) for resource in module.resources.values()
    )


def _constraints(module: Module) -> Iterator[str]:
    for name, required in module.required_providers.items():
        if required.version is not None and (required.source or name).lower().rpartition("/")[2] == "aws":
            yield required.version
    for provider in module.providers.values():
        # So it was written before there was `required_providers`.
        written = provider.argument("version") if provider.local_name == "aws" else None
        value = written.expression.value if written is not None and isinstance(written.expression, Literal) else None
        if isinstance(value, str):
            yield value


def _locked(loader: ModuleLoader, directory: TreePath) -> Version | None:
    if loader.tree.kind(join(directory, LOCK_FILE)) != "file":
        return None
    try:
        content = loader.tree.read(join(directory, LOCK_FILE))
    except SourceError:
        return None
    found = _LOCKED.search(content)
    return parse_version(found[1].decode("ascii", "replace")) if found is not None else None
