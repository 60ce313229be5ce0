"""Runs the real terraform with the AWS provider on generated roots."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

OFFLINE_PROVIDER = {
    "region": "eu-west-1",
    "access_key": "x",
    "secret_key": "x",
    "skip_credentials_validation": True,
    "skip_requesting_account_id": True,
    "skip_metadata_api_check": True,
    "skip_region_validation": True,
}


class TerraformError(Exception):
    """Terraform refused; `diagnostics` holds what it said, as it writes it in JSON."""

    def __init__(self, diagnostics: list[dict[str, Any]], text: str) -> None:
        super().__init__(text)
        self.diagnostics = diagnostics


def escape(value: Any) -> Any:
    """Return plain data as Terraform's JSON syntax needs it: template markers in strings are doubled."""
    if isinstance(value, str):
        return value.replace("${", "$${").replace("%{", "%%{")
    if isinstance(value, list):
        return [escape(item) for item in value]
    if isinstance(value, dict):
        return {key: escape(item) for key, item in value.items()}
    return value


class Root:
    """A directory with one generated root module; only the AWS provider is available."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.initialized = False

    def write(
        self, body: Mapping[str, Any], provider: Mapping[str, Any] | list[Mapping[str, Any]] | None = None
    ) -> None:
        """Write the root; `body` is already in Terraform's JSON syntax."""
        root = {
            "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
            "provider": {"aws": provider or OFFLINE_PROVIDER},
            **body,
        }
        (self.directory / "main.tf.json").write_text(json.dumps(root, indent=1))

    def address(self, diagnostic: Mapping[str, Any]) -> str | None:
        """Return the address of the resource that a diagnostic speaks of, by its place where it has none."""
        if diagnostic.get("address"):
            return str(diagnostic["address"])
        named = re.search(r" for (aws_\w+\.\w+)[.,]", diagnostic.get("detail") or "")
        if named:
            return named[1]
        if not diagnostic.get("range"):
            return None
        lines = (self.directory / "main.tf.json").read_text().splitlines()[: diagnostic["range"]["start"]["line"]]
        steps: dict[int, str] = {}
        for line in lines:
            depth = len(line) - len(line.lstrip())
            if line.lstrip().startswith('"'):
                steps[depth] = line.split('"')[1]
        return f"{steps[2]}.{steps[3]}" if steps.get(1) == "resource" and 3 in steps else None

    def run(self, *arguments: str, check: bool = True, timeout: int = 600) -> subprocess.CompletedProcess[str]:
        terraform = shutil.which("terraform")
        if terraform is None:
            raise RuntimeError("terraform is not installed")
        environment = {**os.environ, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
        done = subprocess.run(
            [terraform, *arguments],
            cwd=self.directory,
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if check and done.returncode:
            raise TerraformError(diagnostics(done.stdout), done.stdout[-4000:] + done.stderr[-4000:])
        return done

    def init(self) -> None:
        if not self.initialized:
            self.run("init", "-input=false")
            self.initialized = True

    def plan(self) -> dict[str, Any]:
        """Return the plan as `terraform show -json` writes it; raises TerraformError."""
        self.init()
        self.run("plan", "-json", "-refresh=false", "-input=false", "-out=p")
        return self.show("p")

    def apply(self, *arguments: str, check: bool = True) -> list[dict[str, Any]]:
        """Apply, and return the diagnostics that are errors."""
        self.init()
        done = self.run("apply", "-json", "-auto-approve", "-input=false", *arguments, check=check, timeout=1500)
        return diagnostics(done.stdout)

    def show(self, *arguments: str) -> dict[str, Any]:
        return json.loads(self.run("show", "-json", *arguments).stdout)  # type: ignore[no-any-return]


def diagnostics(output: str) -> list[dict[str, Any]]:
    """Return the errors among the lines that `terraform … -json` writes."""
    found = []
    for line in output.splitlines():
        if line.startswith("{"):
            message = json.loads(line)
            if message.get("type") == "diagnostic" and message["diagnostic"]["severity"] == "error":
                found.append(message["diagnostic"])
    return found
