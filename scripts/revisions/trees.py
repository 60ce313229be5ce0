"""The trees that both sides look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Tree:
    """A directory that stands for a whole platform. `of` is what its figures are summed up with."""

    name: str
    of: str
    directory: Path


def trees(fixtures: Path, corpora: Path | None) -> list[Tree]:
    """Return the fixtures' trees and the real platforms, those with the least Terraform first.

    Both sides look at the same files, the new side's: what differs is then what the
    code makes of them. A fixture that is new shows what the old code said of it.
    """
    found = [Tree(f"platforms/{path.name}", "fixtures", path) for path in _directories(fixtures / "platforms")]
    for rule in _directories(fixtures / "rules"):
        found += [Tree(f"rules/{rule.name}/{path.name}", "fixtures", path) for path in _directories(rule)]
    if corpora is not None:
        real = [
            Tree(path.name.replace("__", "/"), path.name.replace("__", "/"), path) for path in _directories(corpora)
        ]
        found += sorted(real, key=lambda tree: _size(tree.directory))
    return found


def _directories(parent: Path) -> list[Path]:
    return sorted(path for path in parent.iterdir() if path.is_dir()) if parent.is_dir() else []


def _size(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.rglob("*.tf") if path.is_file())
