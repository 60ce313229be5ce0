"""The modules of a root that lie in the tree: what decides about a root as a whole is in all of them."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.hcl.syntax import Literal
from astralint.source.tree import TreePath, join
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.configuration.module import Module

MAXIMUM_MODULES = 500


def local_modules(loader: ModuleLoader, directory: TreePath) -> Iterator[Module]:
    """Yield the root module in a directory and all local modules that it leads to."""
    pending = [directory]
    seen = {directory}
    while pending and len(seen) < MAXIMUM_MODULES:
        module = loader.module(pending.pop())
        yield module
        for call in module.module_calls.values():
            argument = call.argument("source")
            source = argument.expression if argument is not None else None
            if isinstance(source, Literal) and isinstance(source.value, str) and source.value.startswith("."):
                path = join(module.path, source.value)
                if path not in seen and not path.startswith(".."):
                    seen.add(path)
                    pending.append(path)
