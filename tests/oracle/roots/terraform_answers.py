"""What the real terraform makes of the cases: planned, or applied against a local moto server, and cut down."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"
ACCOUNT = "123456789012"
"""The account of moto's credentials, so that of providers without a role."""


def settings_of(case: Path) -> dict[str, Any]:
    """Return how a case is run: `root`, `first`, `workspace`, `var_files`, `variables`, `apply`.

    What is applied `first` is `unseen` where it is there for terraform alone.
    """
    path = case / "case.json"
    return json.loads(path.read_text()) if path.exists() else {}


@contextmanager
def moto_server() -> Iterator[str]:
    """Run a moto server on a free port of the loopback interface; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env={**os.environ, "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{address}/moto-api/data.json", timeout=5).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait()


class Terraform:
    """Runs terraform on copies of cases; the provider talks to a moto server."""

    def __init__(self, server: str, scratch: Path) -> None:
        self._server = server
        self._scratch = scratch
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_VAR_"))},
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
            "AWS_ENDPOINT_URL": server,
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def _run(self, directory: Path, *arguments: str) -> str:
        done = subprocess.run(
            ["terraform", *arguments],
            cwd=directory,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        if done.returncode:
            raise TerraformRefusedError(done.stdout + done.stderr)
        return done.stdout

    def answer(self, case: Path) -> dict[str, Any]:
        """Return what terraform makes of a case, cut down to what is compared."""
        settings = settings_of(case)
        copy = self._scratch / case.name
        shutil.copytree(case, copy)
        urllib.request.urlopen(urllib.request.Request(f"{self._server}/moto-api/reset", method="POST")).close()
        for name in settings.get("first", []):
            self._run(copy / name, "init", "-input=false")
            self._run(copy / name, "apply", "-auto-approve", "-input=false")
        root = copy / settings.get("root", ".")
        try:
            answer = self._planned(root, settings)
        except TerraformRefusedError as error:
            return {"error": error.summary}
        if settings.get("apply"):
            self._run(root, "apply", "-json", "-auto-approve", "-input=false", "plan.bin")
            shown = self._run(root, "show", "-json").replace(self._server, "http://moto")
            answer["applied"] = applied(json.loads(shown))
        shutil.rmtree(copy)
        return answer

    def answers_together(self, cases: list[Path]) -> dict[str, dict[str, Any]]:
        """Return the answers to cases without settings of their own, from one plan of a root that calls them all."""
        root = self._scratch / "together"
        calls = []
        for case in cases:
            shutil.copytree(case, root / case.name)
            calls.append(f'module "{case.name}" {{\n  source = "./{case.name}"\n}}\n')
            calls.append(f'output "{case.name}" {{\n  value = module.{case.name}\n}}\n')
        (root / "main.tf").write_text("\n".join(calls))
        answer = self._planned(root, {})
        shutil.rmtree(root)
        return {case.name: _part(answer, case.name) for case in cases}

    def _planned(self, root: Path, settings: dict[str, Any]) -> dict[str, Any]:
        self._run(root, "init", "-input=false")
        if "workspace" in settings:
            self._run(root, "workspace", "new", settings["workspace"])
        options = [f"-var-file={path}" for path in settings.get("var_files", [])]
        options += [f"-var={name}={value}" for name, value in settings.get("variables", {}).items()]
        self._run(root, "plan", "-json", "-refresh=false", "-input=false", "-out=plan.bin", *options)
        return cut_down(json.loads(self._run(root, "show", "-json", "plan.bin").replace(self._server, "http://moto")))


class TerraformRefusedError(Exception):
    """Terraform ended with an error; `summary` is what it said first."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.summary = text[-500:]
        for line in text.splitlines():
            if line.startswith("{"):
                message = json.loads(line)
                if message.get("type") == "diagnostic" and message["diagnostic"]["severity"] == "error":
                    self.summary = message["diagnostic"]["summary"]
                    break


def cut_down(plan: dict[str, Any]) -> dict[str, Any]:
    """Return the instances and outputs of a plan: known values without nulls, and which are known after apply."""
    resources: dict[str, dict[str, Any]] = {}
    for resource in _resources(plan.get("prior_state", {}).get("values", {}).get("root_module", {})):
        if resource["mode"] == "data":
            resources[resource["address"]] = _resource(resource, resource["values"], False)
    for change in plan.get("resource_changes", []):
        if change["change"]["actions"] in (["create"], ["read"]) or "importing" in change["change"]:
            after = change["change"]
            resources[change["address"]] = _resource(change, after["after"] or {}, after.get("after_unknown", False))
    configured = _configured(plan["configuration"]["root_module"], "")
    for resource in resources.values():
        name = ".".join(part for part in (_without_keys(resource.get("module", "")), resource.pop("base")) if part)
        resource["configured"] = configured.get(name, [])
    outputs = {
        name: {
            "value": change.get("after"),
            "unknown": _unknown(change.get("after_unknown", False)),
            "sensitive": change["after_sensitive"] is True,
        }
        for name, change in plan.get("output_changes", {}).items()
    }
    for name, output in plan["planned_values"].get("outputs", {}).items():
        outputs.setdefault(name, {"value": output.get("value"), "unknown": False, "sensitive": output["sensitive"]})
    return {"resources": dict(sorted(resources.items())), "outputs": dict(sorted(outputs.items()))}


def _part(answer: dict[str, Any], name: str) -> dict[str, Any]:
    """Return what a plan says of one module, as if that were the root."""
    prefix = f"module.{name}"
    resources = {}
    for address, resource in answer["resources"].items():
        if not address.startswith(f"{prefix}."):
            continue
        inner = resource["module"].removeprefix(prefix).removeprefix(".")
        kept = {key: value for key, value in resource.items() if key != "module"}
        resources[address.removeprefix(f"{prefix}.")] = {**kept, "module": inner} if inner else kept
    output = answer["outputs"][name]
    unknown = output["unknown"] or {}
    names = {*(output["value"] or {}), *(unknown if isinstance(unknown, dict) else {})}
    outputs = {
        key: {"value": (output["value"] or {}).get(key), "unknown": unknown.get(key, False), "sensitive": False}
        for key in sorted(names)
    }
    return {"resources": resources, "outputs": outputs}


def applied(state: dict[str, Any]) -> dict[str, Any]:
    """Return all values of a state, without nulls."""
    return {
        resource["address"]: _without_nulls(resource["values"])
        for resource in _resources(state["values"]["root_module"])
    }


def _resource(resource: dict[str, Any], values: dict[str, Any], unknown: Any) -> dict[str, Any]:
    mode = resource["mode"]
    kept = {
        "mode": mode,
        "type": resource["type"],
        "name": resource["name"],
        "base": f"{'data.' if mode == 'data' else ''}{resource['type']}.{resource['name']}",
        "values": _without_nulls(values),
        "unknown": _unknown(unknown),
    }
    for given, name in (("module_address", "module"), ("index", "index")):
        if given in resource:
            kept[name] = resource[given]
    if "module" not in kept and resource["address"].startswith("module."):
        kept["module"] = _module_of(resource["address"], kept["base"])
    return kept


def _module_of(address: str, base: str) -> str:
    return address[: address.rindex("." + base)]


def _without_nulls(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in sorted(values.items()) if value is not None}


def _unknown(tree: Any) -> Any:
    """Return the part of `after_unknown` that leads to what is not known; False for nothing."""
    if isinstance(tree, dict):
        kept = {name: inner for name, item in tree.items() if (inner := _unknown(item)) is not False}
        return kept or False
    if isinstance(tree, list):
        inner = [_unknown(item) for item in tree]
        return inner if any(item is not False for item in inner) else False
    return tree


def _resources(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for resource in module.get("resources", []):
        yield {**resource, "module_address": module["address"]} if "address" in module else resource
    for child in module.get("child_modules", []):
        yield from _resources(child)


def _configured(module: dict[str, Any], address: str) -> dict[str, list[str]]:
    found = {}
    for resource in module.get("resources", []):
        name = f"{address}.{resource['address']}" if address else resource["address"]
        found[name] = sorted(resource.get("expressions", {}))
    for name, call in module.get("module_calls", {}).items():
        inner = f"{address}.module.{name}" if address else f"module.{name}"
        found.update(_configured(call["module"], inner))
    return found


def _without_keys(address: str) -> str:
    """Return a module's address without instance keys; keys of the cases hold no brackets."""
    kept, depth = [], 0
    for character in address:
        depth += character == "["
        if not depth:
            kept.append(character)
        depth -= character == "]"
    return "".join(kept)
