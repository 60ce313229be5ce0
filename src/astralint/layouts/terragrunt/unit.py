"""One unit: its configuration with all includes, and the root that Terragrunt would make of it."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from astralint.config.paths import UNIT_FILES
from astralint.layouts.terragrunt.file import FileEvaluation, read_source
from astralint.layouts.terragrunt.model import Config, ExtraArguments
from astralint.layouts.terragrunt.reader import Reader
from astralint.layouts.terragrunt.sources import Source, source_of
from astralint.layouts.terragrunt.written import Written, state_of
from astralint.source.span import Span
from astralint.source.tree import TreePath, join
from astralint.terraform.values.operations import reasons_in
from astralint.terraform.values.value import EvaluationError, Reason, Value, string
from astralint.terraform.workspace import GivenVariable
from astralint.terraform.wrapper import Prepared

COMMAND = "plan"


class Unit:
    """A unit that has been read. `config` is None where its file could not be."""

    def __init__(self, reader: Reader, module_sources: Mapping[str, str]) -> None:
        self.reader = reader
        self._sources = module_sources
        self.file = next(
            (path for name in UNIT_FILES if reader.places.is_file(path := join(reader.unit, name))), reader.unit
        )
        source = read_source(reader, self.file) if reader.places.is_file(self.file) else None
        self.evaluation = FileEvaluation(reader, source, self.file, reader.unit) if source is not None else None
        self.config: Config | None = self.evaluation.config() if self.evaluation is not None else None

    @property
    def span(self) -> Span:
        """The place that stands for the unit: its source, else its first line."""
        if self.config is not None and self.config.source is not None:
            return self.config.source.span
        return Span(self.reader.places.physical(self.file), 1, 1, 1, 2)

    def source(self) -> Source:
        """Return where the root comes from; without a `source` it is the unit's own directory."""
        config = self.config
        if config is None:
            return Source(error=f"`{self.file}` could not be read")
        places = self.reader.places
        if config.source is None:
            return Source(places.physical(self.reader.unit))
        raw = config.source.value.raw
        if not isinstance(raw, str):
            reasons = reasons_in([config.source.value])
            return Source(error=reasons[0].message if reasons else "its source is not known")
        return source_of(raw, places, self.reader.unit, self._sources)

    def prepared(self) -> Prepared:
        """Return the root; what could not be read of it is among its reasons."""
        reader, config, source = self.reader, self.config, self.source()
        for dependency in config.dependencies.values() if config is not None else ():
            reader.outputs(dependency)
        reasons: list[Reason] = []
        if source.directory is None:
            message = source.error or f"the module `{source.remote}` is not in the tree"
            reasons.append(Reason("unit-not-read", message, self.span))
            if source.error and config is not None and config.source is not None and not config.source.value.is_unknown:
                reader.problem("module-not-found", source.error, self.span)
        overlay = reader.places.physical(reader.unit)
        places = [overlay] if source.directory in (None, overlay) else [overlay, source.directory or overlay]
        written = Written(reader, places)
        files = tuple(written.files(config)) if config is not None else ()
        inputs = self._inputs()
        variables = tuple(self._variable_files(source, inputs))
        return Prepared(
            source.directory,
            None if source.directory == overlay else overlay,
            source.copied,
            files,
            inputs=inputs,
            unknowns=written.variables,
            variable_files=variables,
            state=state_of(config) if config is not None else None,
            reasons=(*reasons, *written.reasons),
            diagnostics=reader.diagnostics,
            reads=tuple(reader.reads.values()),
            paths=tuple(reader.paths),
        )

    def _inputs(self) -> dict[str, GivenVariable]:
        """Return the inputs as Terraform gets them: those that are null are not passed."""
        config = self.config
        if config is None:
            return {}
        return {
            name: GivenVariable(given.value, given.span, environment=True)
            for name, given in config.inputs.items()
            if given.value.raw is not None
        }

    # --- variable files ------------------------------------------------------------------------

    def _variable_files(self, source: Source, inputs: dict[str, GivenVariable]) -> list[TreePath]:
        """Return the variable files of `extra_arguments` in the order of the command line; adds what they set to inputs."""
        found: list[TreePath] = []
        for extra in self.config.arguments.values() if self.config is not None else ():
            if COMMAND not in _texts(extra.commands):
                continue
            self._environment(extra, inputs)
            arguments = _texts(extra.arguments)
            for position, argument in enumerate(arguments):
                flag, _, path = argument.lstrip("-").partition("=")
                if flag == "var-file":
                    path = path or (arguments[position + 1] if position + 1 < len(arguments) else "")
                    found += self._variable_file(path, extra, source, required=True)
                elif flag == "var" and path:
                    name, _, text = path.partition("=")
                    inputs[name] = GivenVariable(string(text), extra.span, environment=True)
            for path in _texts(extra.required):
                found += self._variable_file(path, extra, source, required=True)
            for path in _texts(extra.optional):
                found += self._variable_file(path, extra, source, required=False)
        return list(reversed(dict.fromkeys(reversed(found))))

    def _environment(self, extra: ExtraArguments, inputs: dict[str, GivenVariable]) -> None:
        raw = extra.environment.raw if extra.environment is not None else None
        for name, value in raw.items() if isinstance(raw, dict) else ():
            if name.startswith("TF_VAR_"):
                inputs[name.removeprefix("TF_VAR_")] = GivenVariable(value, extra.span, environment=True)

    def _variable_file(self, path: str, extra: ExtraArguments, source: Source, *, required: bool) -> list[TreePath]:
        reader = self.reader
        for start in (source.directory, reader.unit):
            if start is None:
                continue
            try:
                found = reader.places.path(path, start)
            except EvaluationError as error:
                if required:
                    reader.problem(error.code, error.message, extra.span)
                return []
            if reader.places.is_file(found):
                return [reader.places.physical(found)]
        if required:
            reader.problem("file-not-found", f"the variable file `{path}` is not there", extra.span)
        return []

    # --- what it says of itself --------------------------------------------------------------------

    def note_role(self) -> None:
        """Keep the account of the role that Terragrunt assumes before it runs."""
        role = self.config.iam_role if self.config is not None else None
        parts = role.value.raw.split(":") if role is not None and isinstance(role.value.raw, str) else []
        if len(parts) > 5:
            self.reader.note_account("account_id", string(parts[4]), role.span.file if role is not None else "")

    @property
    def is_excluded(self) -> bool:
        """True where an `exclude` block keeps it out of every run."""
        exclusion = self.config.exclusion if self.config is not None else None
        if exclusion is None or exclusion.condition.raw is not True:
            return False
        return any(fnmatchcase(action, each) for action in _texts(exclusion.actions) for each in ("all*", COMMAND))


def _texts(value: Value | None) -> list[str]:
    raw = value.raw if value is not None else None
    return [item.raw for item in raw if isinstance(item.raw, str)] if isinstance(raw, tuple) else []
