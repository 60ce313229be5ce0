"""What is wrong with contracts, as far as only the platform can tell: names, types, patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from astralint.aws.schema import resource_schema, resource_types
from astralint.aws.wildcard import has_wildcards, match
from astralint.config.settings import ContractArgument, ContractSettings
from astralint.config.suggest import did_you_mean
from astralint.platform.platform import Platform
from astralint.rules.contracts.names import Names
from astralint.rules.contracts.pattern import problem_of_pattern
from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Span

ACCOUNT_NAMES = {
    "placement": ("accounts", "not_in"),
    "forbidden-trust": ("from", "to"),
    "layers": ("layers",),
    "independence": ("members",),
    "protected": ("to", "only_from"),
    "required": ("accounts",),
    "naming": ("accounts",),
    "no-access": ("accounts",),
}
"""The arguments that hold names of accounts, by the type of contract."""

ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9]+")
EDGES = ("trust", "state", "access")
NEEDS_ONE_OF = {"placement": ("accounts", "kinds", "not_in", "regions")}
MAY_BE_EMPTY = ("only_from", "principals", "only")


def problems(platform: Platform) -> tuple[Diagnostic, ...]:
    """Return a usage error for each mistake in the platform's contracts."""
    if not platform.settings.contracts:
        return ()
    names = Names(platform)
    found = (problem for contract in platform.settings.contracts for problem in _problems(contract, names))
    return tuple(dict.fromkeys(found))


def is_sound(contract: ContractSettings, names: Names) -> bool:
    """Say whether a contract can be judged."""
    return next(_problems(contract, names), None) is None


def _problems(contract: ContractSettings, names: Names) -> Iterator[Diagnostic]:
    needed = NEEDS_ONE_OF.get(contract.type, ())
    if needed and not any(name in contract.arguments for name in needed):
        listed = ", ".join(f"`{name}`" for name in needed)
        yield _error("missing-argument", f"contract `{contract.title}` says nothing: give it {listed}", contract.span)
    for name, argument in contract.arguments.items():
        if argument.value in ([], {}) and name not in MAY_BE_EMPTY:
            yield _error("invalid-value", f"`{name}` is empty", argument.span)
    for name in ACCOUNT_NAMES[contract.type]:
        yield from _names(contract.arguments.get(name), names)
    kinds = contract.arguments.get("kinds")
    for word, span in kinds.words if kinds is not None else ():
        problem = names.problem(f"kind:{word}")
        if problem is not None:
            help_ = did_you_mean(word, names.kinds, "the kinds are ")
            yield _error("unknown-name", f"no account is of the kind `{word}`", span, help_)
    edges = contract.arguments.get("by")
    for word, span in edges.words if edges is not None else ():
        if word not in EDGES:
            yield _error(
                "unknown-name",
                f"`{word}` is nothing that leads from account to account",
                span,
                did_you_mean(word, EDGES),
            )
    yield from _types(contract, names.platform)
    yield from _actions(contract.arguments.get("actions"))
    yield from _only(contract.arguments.get("only"), names)
    pattern = contract.arguments.get("pattern")
    if pattern is not None and (wrong := problem_of_pattern(pattern.value)) is not None:
        yield _error("invalid-value", f"`pattern` is no regular expression: {wrong}", pattern.span)


def _names(argument: ContractArgument | None, names: Names) -> Iterator[Diagnostic]:
    for word, span in argument.words if argument is not None else ():
        problem = names.problem(word)
        if problem is not None:
            yield _error("unknown-name", problem[0], span, problem[1])


def _actions(argument: ContractArgument | None) -> Iterator[Diagnostic]:
    for word, span in argument.words if argument is not None else ():
        if not ACTION.fullmatch(word):
            message = f"`{word}` is no single action of AWS"
            yield _error("invalid-value", message, span, "write it as `s3:DeleteBucket`, without `*`")
        elif word.lower().startswith("sts:assume"):
            help_ = "a `forbidden-trust` or a `protected` contract says who may become whom"
            yield _error("invalid-value", f"who may do `{word}` is decided by trust", span, help_)


def _only(argument: ContractArgument | None, names: Names) -> Iterator[Diagnostic]:
    """Yield an error for each name of `only` that stands for nobody; ARNs may be of anybody."""
    for word, span in argument.words if argument is not None else ():
        if word.startswith("arn:"):
            continue
        problem = names.problem(word) if "/" not in word else None
        if "/" in word:
            known = [f"{i.account}/{i}" for i in names.platform.trust.identities if i.account is not None]
            if not any(match(word, name) is True for name in known):
                problem = f"nobody is called `{word}`", did_you_mean(word, known, "there are ")
        if problem is not None:
            yield _error("unknown-name", problem[0], span, problem[1])


def _types(contract: ContractSettings, platform: Platform) -> Iterator[Diagnostic]:
    argument = contract.arguments.get("resources")
    if argument is None:
        return
    seen = {resource.type for workspace in platform.workspaces.values() for resource in workspace.resources}
    known = {*seen, *resource_types("managed")}
    judged: list[str] = []
    for word, span in argument.words:
        fitting = [type_ for type_ in known if type_ == word] or (
            [type_ for type_ in known if match(word, type_)] if has_wildcards(word) else []
        )
        judged += fitting
        if not fitting:
            meant = did_you_mean(word, known)
            close = meant if meant is not None and meant.startswith("did") else None
            # Types of other providers are not listed here: what resembles none of those seen may be one.
            if close is not None or word.startswith("aws_"):
                yield _error("unknown-type", f"no resource type is called `{word}`", span, close)
    yield from _attributes(contract, judged)


def _attributes(contract: ContractSettings, types: Iterable[str]) -> Iterator[Diagnostic]:
    """Yield an error for each attribute that none of the types has, of those whose attributes are known."""
    schemas = [resource_schema("managed", type_) for type_ in types]
    if not schemas or any(schema is None for schema in schemas):
        return
    known = {name for schema in schemas if schema is not None for name in (*schema.attributes, *schema.blocks)}
    wanted: list[tuple[str, Span]] = []
    where, attribute = contract.arguments.get("where"), contract.arguments.get("attribute")
    if where is not None:
        wanted += [(path, where.span) for path in where.value]
    if attribute is not None:
        wanted.append((attribute.value, attribute.span))
    elif contract.type == "naming":
        wanted.append(("name", contract.span))
    for path, span in wanted:
        first = path.partition(".")[0]
        if first not in known:
            meant = did_you_mean(first, known)
            close = meant if meant is not None and meant.startswith("did") else None
            yield _error("unknown-attribute", f"none of these types has an attribute `{first}`", span, close)


def _error(code: str, message: str, span: Span, help_: str | None = None) -> Diagnostic:
    return Diagnostic(code, "error", message, span, help=help_, usage=True)
