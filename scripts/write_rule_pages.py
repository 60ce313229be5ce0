"""Writes docs/rules: a page for each rule, from its documentation, and a list of them all.

With `--check`, writes nothing and says which pages are not current.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from astralint.rules.api import Rule
from astralint.rules.finding import RuleDescription
from astralint.rules.housekeeping import HOUSEKEEPING
from astralint.rules.judgement import describe
from astralint.rules.loader import load_rules
from astralint.rules.selection import Selected

DIRECTORY = Path(__file__).parents[1] / "docs" / "rules"
PACKS = ("astralint_rules.", "astralint.rules.contracts.")


def pages() -> dict[str, str]:
    """Return the text of each page by its file's name."""
    rules = [rule for rule in load_rules().rules if rule.check.__module__.startswith(PACKS)]
    described = [(describe(Selected(rule, rule.severity)), rule) for rule in rules]
    everything: list[tuple[RuleDescription, Rule | None]] = [*described, *((rule, None) for rule in HOUSEKEEPING)]
    everything.sort(key=lambda pair: pair[0].id)
    found = {f"{rule.name}.md": page(rule, declared) for rule, declared in everything}
    found["README.md"] = index([rule for rule, _ in everything])
    return found


def page(rule: RuleDescription, declared: Rule | None) -> str:
    """Return a rule's page."""
    facts = [f"**{rule.id}**", f"severity {rule.severity}"]
    if declared is not None and declared.needs:
        facts.append("needs an account of the kind " + " and ".join(f"`{kind}`" for kind in declared.needs))
    if declared is not None and declared.profiles:
        facts.append("belongs to the profile " + " and ".join(f"`{name}`" for name in declared.profiles))
    if rule.tags:
        facts.append(", ".join(rule.tags))
    text = f"# {rule.name}\n\n{' · '.join(facts)}\n\n{rule.documentation.strip()}\n"
    options = declared.options if declared is not None else None
    if options is not None:
        rows = [f"| `{f.name}` | `{shown(f)}` |" for f in msgspec.structs.fields(options)]
        text += "\n## Options\n\n" + "\n".join(["| option | default |", "| --- | --- |", *rows]) + "\n"
    return text


def shown(field: msgspec.structs.FieldInfo) -> str:
    """Return an option's default as HCL writes it."""
    default = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    if isinstance(default, tuple | frozenset):
        default = sorted(default) if isinstance(default, frozenset) else list(default)
    return msgspec.json.encode(default).decode().replace(",", ", ")


def index(rules: list[RuleDescription]) -> str:
    """Return the list of all rules."""
    rows = [f"| {rule.id} | [{rule.name}]({rule.name}.md) | {rule.severity} | {rule.summary} |" for rule in rules]
    head = "# Rules\n\nWritten by `scripts/write_rule_pages.py` from the rules' docstrings.\n\n"
    return head + "\n".join(["| id | name | severity | what it demands |", "| --- | --- | --- | --- |", *rows]) + "\n"


def stale() -> list[str]:
    """Return the names of the pages that are missing, differ, or belong to no rule."""
    wanted = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in DIRECTORY.glob("*.md")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def main() -> None:
    """Write the pages, or check them."""
    if sys.argv[1:] == ["--check"]:
        names = stale()
        sys.exit(f"not current: {', '.join(names)}" if names else 0)
    wanted = pages()
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    for path in DIRECTORY.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (DIRECTORY / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
