"""Where a workspace keeps its state."""

from __future__ import annotations

from astralint.source.tree import TreePath
from astralint.terraform.configuration.body import MergedBody, NestedBody
from astralint.terraform.evaluation.decode import decode
from astralint.terraform.evaluation.instance import ModuleInstance
from astralint.terraform.results import StateIdentity
from astralint.terraform.values.value import Value


def state_identity(root: ModuleInstance) -> StateIdentity:
    """Evaluate the root's `backend` or `cloud` block, completed by the workspace's backend files."""
    module = root.module
    block = module.cloud or module.backend
    if block is None:
        return StateIdentity("local", {}, None)
    backend = "cloud" if module.cloud is not None else next(iter(block.block.labels), "local")
    values = dict(_values(block, root))
    for path in root.context.spec.backend_files:
        values.update(_file(path, root))
    return StateIdentity(backend, flatten_blocks(values), block.header, partial=not root.context.spec.backend_files)


def _values(block: NestedBody, root: ModuleInstance) -> dict[str, Value]:
    return decode(block.body, None, root.scope, root.context)


def _file(path: TreePath, root: ModuleInstance) -> dict[str, Value]:
    source, diagnostics = root.context.loader.source(path)
    for diagnostic in diagnostics:
        root.context.report(diagnostic)
    if source is None:
        return {}
    return decode(MergedBody(source.file.body, source), None, root.scope, root.context)


def flatten_blocks(values: dict[str, Value]) -> dict[str, Value]:
    """Bring nested blocks (`workspaces { name }`) to dotted names."""
    flat: dict[str, Value] = {}
    for name, value in values.items():
        raw = value.raw
        if isinstance(raw, tuple) and len(raw) == 1 and isinstance(raw[0].raw, dict):
            flat.update({f"{name}.{inner}": item for inner, item in flatten_blocks(raw[0].raw).items()})
        elif isinstance(raw, dict):
            flat.update({f"{name}.{inner}": item for inner, item in flatten_blocks(raw).items()})
        else:
            flat[name] = value
    return dict(sorted(flat.items()))
