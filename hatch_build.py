"""Builds into the wheel what would otherwise be built on every user's machine."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GrammarHook(BuildHookInterface):
    """Compiles the grammar's table into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the table; an editable install keeps it in the user's cache instead, where it can't grow stale."""
        if self.target_name != "wheel" or version == "editable":
            return
        sys.path.insert(0, str(Path(self.root, "src")))
        from astralint.hcl.grammar import COMPILED, write_compiled

        self.directory_of_table = tempfile.TemporaryDirectory()
        table = Path(self.directory_of_table.name, COMPILED)
        write_compiled(table)
        build_data["force_include"][str(table)] = f"astralint/hcl/{COMPILED}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove the table, which the wheel holds by now."""
        if hasattr(self, "directory_of_table"):
            self.directory_of_table.cleanup()
