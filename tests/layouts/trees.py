"""Small trees, evaluated: what `show` says of their workspaces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from astralint.api import open_session
from astralint.platform.build import Build
from astralint.session.options import ScanOptions
from astralint.show.evaluated import workspace_data


def write(top: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return top


def built(top: Path, files: dict[str, str]) -> Build:
    write(top, files)
    return open_session([top], ScanOptions(boundary=top)).build()


def shown(build: Build) -> dict[str, Any]:
    """Return each workspace by its name, as `show --format json` prints it."""
    data = {name: workspace_data(workspace) for name, workspace in build.platform.workspaces.items()}
    decoded: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(data))
    return decoded


def evaluated(top: Path, files: dict[str, str]) -> dict[str, Any]:
    return shown(built(top, files))


def messages(build: Build) -> list[str]:
    return [diagnostic.message for diagnostic in build.diagnostics]
