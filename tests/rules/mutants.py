"""Variants of a platform of which less is known: a value, whether something is made, an account, a workspace's code.

Whatever the rule: of what is not known it says nothing, or that it can't judge it. So none of these
variants may have a finding that the whole platform has not.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from astralint.assembly.workers import LocalWorkers
from astralint.config.check import with_profile
from astralint.config.loader import find_configuration, load_configuration
from astralint.hcl import parse, syntax
from astralint.hcl.store import SyntaxStore
from astralint.inventory.given import NOTHING_GIVEN
from astralint.platform.build import build_platform
from astralint.rules.finding import CheckResult, Finding, single
from astralint.rules.harness import TODAY
from astralint.rules.judgement import judge
from astralint.rules.loader import LoadedRules
from astralint.rules.selection import select_rules, settings_for
from astralint.source.diagnostic import Diagnostic
from astralint.terraform.configuration.loader import ModuleLoader
from tests.config.memory import MemoryTree

Files = dict[str, str]

BOUND = frozenset(
    {"source", "version", "depends_on", "providers", "provider", "for_each", "count", "nullable", "alias"}
)
"""Arguments that take no value, or of which the next variants speak."""
SEEN = frozenset({"terraform", "provider", "variable", "import", "removed", "moved"})
"""Blocks that stay where a workspace's code is hidden."""
UNKNOWN = "random_pet.nobody_knows.id"
MADE = 'resource "random_pet" "nobody_knows" {\n}\n'
HIDDEN = 'module "hidden" {\n  source  = "acme/anything/aws"\n  version = "1.0.0"\n}\n'
OPEN = frozenset({"id", "kind", "organization_id"})
"""What the configuration need not tell."""


class Mutant(msgspec.Struct, frozen=True):
    """A variant: what is not known in it, and its files."""

    title: str
    files: Files


def files_of(directory: Path) -> Files:
    """Return the texts of a directory by their paths, and beside them what makes something that nobody knows."""
    files = {
        path.relative_to(directory).as_posix(): path.read_text("utf-8")
        for path in sorted(directory.rglob("*"))
        if path.is_file() and ".terraform" not in path.parts
    }
    homes = {path.rpartition("/")[0] for path in files if path.endswith(".tf")}
    return {**files, **{f"{home}/zz_nobody_knows.tf" if home else "zz_nobody_knows.tf": MADE for home in homes}}


def judged(files: Files, rules: LoadedRules, store: SyntaxStore) -> CheckResult | tuple[Diagnostic, ...]:
    """Return what all rules say of a platform; the usage errors where its configuration is wrong."""
    tree = MemoryTree(files)
    loader = ModuleLoader(tree, store)
    settings, said = load_configuration(tree, loader, find_configuration(tree, (".",), None), allow_rule_code=False)
    settings = settings_for(settings, rules.rules)
    chosen = with_profile(settings, None)
    settings = settings if isinstance(chosen, Diagnostic) else chosen
    selected, wrong = select_rules(rules.rules, settings)
    usage = tuple(d for d in (*said, *wrong) if d.usage)
    if usage:
        return usage
    build = build_platform(loader, settings, (".",), LocalWorkers(loader, settings), NOTHING_GIVEN)
    return judge(build, settings, selected, rules.rules, lambda file: loader.source(file)[0], TODAY, strict_errors=True)


def said(result: CheckResult) -> list[Finding]:
    """Return all findings, those that are kept back too."""
    return [*single(result.findings), *(item.finding for item in result.suppressed)]


def fresh(before: CheckResult, after: CheckResult) -> list[Finding]:
    """Return the findings that were not there before, neither of the same subject nor at the same place."""
    places = {(f.rule, f.primary.span.file, f.primary.span.line) for f in said(before)}
    subjects = {(f.rule, f.workspace, f.subject) for f in said(before)}
    return [
        finding
        for finding in said(after)
        if (finding.rule, finding.primary.span.file, finding.primary.span.line) not in places
        and (finding.rule, finding.workspace, finding.subject) not in subjects
    ]


# --- variants ------------------------------------------------------------------------------


def mutants(files: Files) -> Iterator[Mutant]:
    """Yield all variants of a platform."""
    for path, text in files.items():
        if path.endswith(".tf") and text != MADE:
            yield from _unknown_values(files, path, text)
            yield from _perhaps(files, path, text)
            yield from _unread_modules(files, path, text)
        elif path.endswith(".tfvars"):
            yield from _without(files, path, text, ("",))
        elif path == "astralint.hcl":
            yield from _untold(files, path, text)
    for directory in sorted({path.rpartition("/")[0] for path in files if path.endswith(".tf")}):
        yield _hidden(files, directory)


def _body(text: str) -> syntax.Body:
    parsed = parse(text)
    return parsed.file.body if parsed.file is not None else syntax.Body(0, 0, (), ())


def _place(text: str, path: str, start: int) -> str:
    return f"{path}:{text.count(chr(10), 0, start) + 1}"


def _unknown_values(files: Files, path: str, text: str) -> Iterator[Mutant]:
    for block in _body(text).blocks:
        if block.type == "variable":
            yield from _without(files, path, text, ("default",), block.body)
        elif block.type not in ("terraform", "moved", "import", "removed", "check"):
            for start, end, whole in _values(block.body, block.type):
                value = f"jsondecode({UNKNOWN})" if whole else UNKNOWN
                title = f"{_place(text, path, start)}: {text[start:end][:60]!r} is unknown"
                yield Mutant(title, {**files, path: text[:start] + value + text[end:]})


def _values(body: syntax.Body, around: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the places of values: of each argument as a whole, and of the texts within."""
    for attribute in body.attributes:
        if attribute.name not in BOUND and around != "lifecycle":
            expression = attribute.expression
            yield expression.start, expression.end, True
            for inner in _texts(expression):
                if inner is not expression:
                    yield inner.start, inner.end, False
    for block in body.blocks:
        if block.type not in ("lifecycle", "backend", "cloud", "provisioner", "connection"):
            yield from _values(block.body, block.type)


def _texts(expression: object) -> Iterator[syntax.Node]:
    if isinstance(expression, syntax.Template) or (
        isinstance(expression, syntax.Literal) and isinstance(expression.value, str)
    ):
        yield expression
    elif isinstance(expression, syntax.ObjectExpression):
        for item in expression.items:
            yield from _texts(item.value)
    elif isinstance(expression, syntax.TupleExpression):
        for each in expression.items:
            yield from _texts(each)
    elif isinstance(expression, syntax.Call):
        for each in expression.arguments:
            yield from _texts(each)


def _perhaps(files: Files, path: str, text: str) -> Iterator[Mutant]:
    """Yield variants in which a resource, a data source or a module is perhaps not made."""
    for block in _body(text).blocks:
        names = {attribute.name for attribute in block.body.attributes}
        if block.type in ("resource", "data", "module") and not names & {"count", "for_each"}:
            if any(f"{'.'.join(block.labels)}." in other for other in files.values()):
                continue  # Who refers to it would have to say to which instance.
            at = text.index("{", block.start) + 1
            title = f"{_place(text, path, block.start)}: its count is unknown"
            count = f"\n  count = jsondecode({UNKNOWN}) ? 1 : 0"
            yield Mutant(title, {**files, path: text[:at] + count + text[at:]})


def _unread_modules(files: Files, path: str, text: str) -> Iterator[Mutant]:
    for block in _body(text).blocks:
        for attribute in block.body.attributes if block.type == "module" else ():
            expression = attribute.expression
            if attribute.name == "source" and isinstance(expression, syntax.Literal):
                start, end = expression.start, expression.end
                title = f"{_place(text, path, start)}: the module {text[start:end]} is not in the tree"
                yield Mutant(title, {**files, path: text[:start] + '"acme/anything/aws"' + text[end:]})


def _without(
    files: Files, path: str, text: str, names: tuple[str, ...], body: syntax.Body | None = None
) -> Iterator[Mutant]:
    """Yield variants without one of the arguments (any, where a name is empty), on as many lines as before."""
    for attribute in (body or _body(text)).attributes:
        if attribute.name in names or "" in names:
            gone = "\n" * text.count("\n", attribute.start, attribute.end)
            title = f"{_place(text, path, attribute.start)}: {attribute.name} is not given"
            yield Mutant(title, {**files, path: text[: attribute.start] + gone + text[attribute.end :]})


def _untold(files: Files, path: str, text: str) -> Iterator[Mutant]:
    for block in _body(text).blocks:
        if block.type in ("account", "platform"):
            yield from _without(files, path, text, tuple(OPEN), block.body)
            for inner in block.body.blocks:
                if inner.type == "workspace":
                    gone = "\n" * text.count("\n", inner.start, inner.end)
                    title = f"{_place(text, path, inner.start)}: the workspace is not given"
                    yield Mutant(title, {**files, path: text[: inner.start] + gone + text[inner.end :]})


def _hidden(files: Files, directory: str) -> Mutant:
    """Return a variant in which all that a directory makes is in a module that can't be read."""
    found: Files = {}
    for path, text in files.items():
        if path.endswith(".tf") and path.rpartition("/")[0] == directory:
            for block in reversed(_body(text).blocks):
                if block.type not in SEEN:
                    gone = "\n" * text.count("\n", block.start, block.end)
                    text = text[: block.start] + gone + text[block.end :]  # noqa: PLW2901 - the blocks' places hold
        found[path] = text
    found[f"{directory}/zz_hidden.tf" if directory else "zz_hidden.tf"] = HIDDEN
    return Mutant(f"{directory or '.'}: what it makes is hidden", found)
