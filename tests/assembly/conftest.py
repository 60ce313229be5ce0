"""What several tests of the assembly start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from .changing import FILES


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    (root / "late/link").symlink_to("../words/one")
    (root / "late/dangling").symlink_to("nowhere")
    return root
