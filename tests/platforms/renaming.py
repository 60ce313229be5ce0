"""Gives everything in a platform another name: directories, workspaces, accounts, modules, roles, the organization.

What stays are the words that astralint knows accounts by: their kinds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from pathlib import Path

KIND = re.compile(r"\bkind\b")
HEADER = re.compile(r"^(resource|data|variable|output|provider|check|import|moved|locals)\b")
OTHER_NAMES = re.compile(r"^\s*(groups|alias)\s*=")
TEXTS = {".tf", ".hcl", ".tfvars", ".yaml", ".json", ".tftpl", ".md"}


class Renaming:
    """How a platform is renamed."""

    def __init__(self, platform: Path) -> None:
        configuration = (platform / "astralint.hcl").read_text()
        labels = set(re.findall(r'^\s*(?:account|workspace) "([^"]+)"', configuration, re.MULTILINE))
        listed = set(yaml.safe_load((platform / "accounts.yaml").read_text())["accounts"])
        directories = {path.name for path in (platform / "workspaces").iterdir()}
        names = "|".join(sorted(map(re.escape, labels | listed | directories), key=len, reverse=True))
        self._quoted = re.compile(f'"({names})"')
        self._domain = re.compile(rf"\b({names})(?=\.(?:moonrise\.com\b|\$\{{))")
        self._key = re.compile(rf"^  ({names})(?=:|\s*=)")
        self._directory = re.compile(rf"\bworkspaces/({names})\b")

    def path(self, path: str) -> str:
        """Return a file's path after the renaming."""
        path = re.sub(r"^workspaces/([^/]+)", r"roots/q\1", path)
        return re.sub(r"^modules/([^/]+)", r"parts/p\1", path)

    def line(self, line: str, file: str) -> str:
        """Return a line of a file after the renaming."""
        line = line.replace("astradot", "moonrise")
        line = self._domain.sub(r"q\1", line)
        line = self._directory.sub(r"roots/q\1", line)
        if file == "accounts.yaml" or file.endswith(".tfvars"):
            return self._key.sub(r"  q\1", line)
        line = re.sub(r"/modules/([\w-]+)", r"/parts/p\1", line)
        line = re.sub(r'^(\s*source\s*=\s*"\.\./)(?=[\w-]+")', r"\1p", line)
        line = re.sub(r'^module "([^"]+)"', r'module "m\1"', line)
        line = re.sub(r"\bmodule\.([A-Za-z_])", r"module.m\1", line)
        if KIND.search(line) or HEADER.match(line) or OTHER_NAMES.match(line):
            return line
        return self._quoted.sub(r'"q\1"', line)

    def copy(self, platform: Path, target: Path) -> None:
        """Write the renamed platform into a directory."""
        for source in sorted(platform.rglob("*")):
            if not source.is_file():
                continue
            place = target / self.path(source.relative_to(platform).as_posix())
            place.parent.mkdir(parents=True, exist_ok=True)
            if source.suffix in TEXTS:
                lines = source.read_text().split("\n")
                place.write_text("\n".join(self.line(line, source.name) for line in lines))
            else:
                place.write_bytes(source.read_bytes())
