"""Numbers of accounts that `import` blocks tell: who imports an account into a state has to name it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astralint.estate.estate import Estate
from astralint.estate.model import Account, Resource
from astralint.hcl import syntax

ACCOUNT = "aws_organizations_account"
NUMBER = re.compile(r"[0-9]{12}")


def imported_numbers(estate: Estate) -> dict[str, str]:
    """Return the numbers by the names of accounts, of those that exactly one `import` block gives."""
    found: dict[str, set[str]] = {}
    for workspace in estate.workspaces.values():
        for file in workspace.result.files:
            if file.rpartition("/")[0] != ("" if workspace.directory == "." else workspace.directory):
                continue  # Terraform takes `import` blocks of root modules alone.
            source = estate.source(file)
            for address, number in _imports(source.file.body if source is not None else None):
                account = _account(estate, estate.find(workspace.name, address))
                if account is not None:
                    found.setdefault(account.name, set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


def _imports(body: syntax.Body | None) -> Iterator[tuple[str, str]]:
    for block in body.blocks if body is not None else ():
        if block.type != "import":
            continue
        written = {attribute.name: attribute.expression for attribute in block.body.attributes}
        identifier, target = written.get("id"), written.get("to")
        number = identifier.value if isinstance(identifier, syntax.Literal) else None
        address = _address(target) if target is not None else None
        if isinstance(number, str) and NUMBER.fullmatch(number) and address is not None:
            yield address, number


def _address(expression: syntax.Expression) -> str | None:
    """Return the address that a traversal writes; None for what is no plain one."""
    if isinstance(expression, syntax.Variable):
        return expression.name
    if isinstance(expression, syntax.GetAttr):
        before = _address(expression.target)
        return f"{before}.{expression.name}" if before is not None else None
    if isinstance(expression, syntax.Index):
        before, key = _address(expression.target), expression.key
        if before is not None and isinstance(key, syntax.Literal) and isinstance(key.value, str):
            return f'{before}["{key.value}"]'
        if before is not None and isinstance(key, syntax.Number):
            return f"{before}[{key.text}]"
    return None


def _account(estate: Estate, resource: Resource | None) -> Account | None:
    if resource is None or resource.type != ACCOUNT:
        return None
    return estate.account_of(resource.value("id"))
