"""One Terragrunt file, evaluated in the place of a unit: what names mean in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from astralint.config.paths import UNIT_FILES
from astralint.hcl.syntax import Attribute, Block, Expression, GetAttr, Variable
from astralint.layouts.terragrunt.blocks import config_of, config_value, include_of, locals_of
from astralint.layouts.terragrunt.functions import functions_of
from astralint.layouts.terragrunt.merge import merge
from astralint.layouts.terragrunt.model import Config, Dependency, Given
from astralint.layouts.terragrunt.places import Places
from astralint.layouts.terragrunt.reader import ACCOUNT_NAMES, ACCOUNT_NUMBERS, MAXIMUM_READS, Reader
from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Span
from astralint.source.tree import TreePath, join, parent
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.evaluation.context import UNREADABLE
from astralint.terraform.evaluation.files import FileAccess, TemplateScope
from astralint.terraform.expressions.evaluate import evaluate
from astralint.terraform.expressions.scope import Budget, Evaluate, Step
from astralint.terraform.functions import call
from astralint.terraform.language.language import TERRAFORM
from astralint.terraform.values.types import DYNAMIC
from astralint.terraform.values.value import EvaluationError, Reason, Value, object_of, string, unknown

VALUES_FILE = "terragrunt.values.hcl"
INCLUDED_LATER = "terragrunt.autoinclude.hcl"


class UnitFiles(FileAccess):
    """The files that functions in a configuration read; Terragrunt's own functions beside Terraform's."""

    def __init__(self, places: Places, directory: TreePath, budget: Budget) -> None:
        super().__init__(places.tree, directory, budget, TERRAFORM, places.top)
        self._places = places
        self.own = {}

    def _located(self, path: TreePath) -> TreePath:
        return self._places.physical(path)


class Include:
    """An `include` block, and the file that it names (None where that is not there)."""

    def __init__(self, label: str, file: FileEvaluation | None, strategy: str, span: Span) -> None:
        self.label = label
        self.file = file
        self.strategy = strategy
        self.span = span


class FileEvaluation:
    """A file's names and blocks. See `astralint.layouts.terragrunt.functions.Reading`.

    `path` is where the file is, `unit` the directory whose place it is evaluated in. `child` is the
    file that includes it.
    """

    def __init__(
        self, reader: Reader, source: SourceFile, path: TreePath, unit: TreePath, child: FileEvaluation | None = None
    ) -> None:
        self.reader = reader
        self.source = source
        self.path = path
        self.unit = unit
        self.child = child
        self.places = reader.places
        self.functions = UnitFiles(reader.places, parent(path), reader.budget)
        self.functions.own = functions_of(self)
        self.budget = reader.budget
        self._locals: dict[str, Attribute] = locals_of(source)
        self._values: dict[str, Value] = {}
        self._pending: list[str] = []
        self._includes: dict[str, Include] | None = None
        self._config: Config | None = None
        self._is_making = False
        self.made: dict[tuple[str, str], TreePath] = {}
        """What a stack's file generates: where each `unit` and `stack` comes to lie."""
        self._stack_values = self._values_beside()

    @property
    def original(self) -> TreePath:
        return self.reader.unit

    @property
    def environment(self) -> Mapping[str, str]:
        return self.reader.environment

    # --- evaluating --------------------------------------------------------------------------

    def value(self, attribute: Attribute) -> Value:
        """Return an attribute's value; what Terragrunt would refuse is reported and unknown."""
        return self.value_of(attribute.expression)

    def value_of(self, expression: Expression) -> Value:
        """Return an expression's value; what Terragrunt would refuse is reported and unknown."""
        try:
            return evaluate(expression, self)
        except EvaluationError as error:
            inside = error.start >= 0
            span = self.source.span(error.start, error.end) if inside else self.source.span_of(expression)
            if error.code in UNREADABLE:
                # It may be there when Terragrunt runs.
                self.reader.report(Diagnostic(error.code, "warning", error.message, span))
                return unknown(Reason("file-not-readable", error.message, span), DYNAMIC)
            return unknown(self.reader.problem(error.code, error.message, span), DYNAMIC)
        except RecursionError:
            message = "this expression leads through too many others"
            return unknown(self.reader.problem("limit", message, self.source.span_of(expression)), DYNAMIC)

    def span(self, attribute: Attribute) -> Span:
        """Return the place of an attribute's value."""
        return self.source.span_of(attribute.expression)

    def refuse(self, message: str, given: Given) -> None:
        """Report what can't be merged."""
        self.reader.problem("invalid-terragrunt", message, given.span)

    def provider_type(self, name: str) -> str | None:  # noqa: ARG002 - see Scope
        """Return None: there are no providers here, and so none of their functions."""
        return None

    # --- names -------------------------------------------------------------------------------

    def reference(self, root: Variable, steps: Sequence[Step], evaluate: Evaluate) -> tuple[Value, int]:  # noqa: ARG002
        """Resolve `local`, `include`, `dependency`, `feature` and `values`."""
        name = root.name
        step = steps[0] if steps else None
        if name == "local":
            if not isinstance(step, GetAttr):
                return object_of({each: self._local(each) for each in self._locals}), 0
            if step.name not in self._locals:
                raise EvaluationError(f"there is no local value `{step.name}` in this file", root.start, step.end)
            return self._local(step.name), 1
        if name == "dependency" and isinstance(step, GetAttr):
            dependency = self.dependency(step.name)
            if dependency is None:
                raise EvaluationError(f"there is no dependency `{step.name}`", root.start, step.end)
            second = steps[1] if len(steps) > 1 else None
            if isinstance(second, GetAttr) and second.name == "outputs":
                return self.reader.outputs(dependency), 2
            return object_of({"outputs": self.reader.outputs(dependency)}), 1
        if name == "include":
            return self._included_value(root, step)
        if name == "feature" and isinstance(step, GetAttr):
            feature = self._feature(step.name)
            if feature is None:
                raise EvaluationError(f"there is no feature `{step.name}`", root.start, step.end)
            return object_of({"value": feature}), 1
        return self._of_stack(root, step)

    def _of_stack(self, root: Variable, step: Step | None) -> tuple[Value, int]:
        """Resolve `values`, and where the units and stacks of a stack's file come to lie."""
        name = root.name
        made = self.made.get((name, step.name)) if isinstance(step, GetAttr) else None
        if made is not None:
            return object_of({"path": string(self.places.absolute(made))}), 1
        if name != "values":
            raise EvaluationError(f"`{name}` is not a name that Terragrunt knows", root.start, root.end)
        if self._stack_values is None:
            raise EvaluationError("`values` are given by a stack, and there is none here", root.start, root.end)
        return self._stack_values, 0

    def _local(self, name: str) -> Value:
        known = self._values.get(name)
        if known is not None:
            return known
        attribute = self._locals[name]
        if name in self._pending:
            ring = " → ".join(f"`local.{each}`" for each in [*self._pending, name])
            raise EvaluationError(f"these local values need each other: {ring}", code="cycle")
        self._pending.append(name)
        try:
            value = self.value(attribute)
        finally:
            self._pending.pop()
        if name in ACCOUNT_NUMBERS or name in ACCOUNT_NAMES:
            self.reader.note_account(name, value, self.path)
        return self._values.setdefault(name, value)

    def locals(self) -> dict[str, Value]:
        """Return all local values."""
        return {name: self._local(name) for name in self._locals}

    def dependency(self, name: str) -> Dependency | None:
        """Return a dependency of this file, of the file that includes it, or of those that it includes."""
        for file in (self, self.child, *(include.file for include in self.includes.values())):
            found = file.own_config(partial=True).dependencies.get(name) if file is not None else None
            if found is not None:
                return found
        return None

    def _feature(self, name: str) -> Value | None:
        for file in (self, self.child, *(include.file for include in self.includes.values())):
            found = file.own_config(partial=True).features.get(name) if file is not None else None
            if found is not None:
                return found.value
        return None

    def _included_value(self, root: Variable, step: Step | None) -> tuple[Value, int]:
        bare = self.includes.get("")
        if isinstance(step, GetAttr) and step.name in self.includes:
            include, consumed = self.includes[step.name], 1
        elif bare is not None:
            include, consumed = bare, 0
        else:
            raise EvaluationError("there is no such `include`", root.start, step.end if step is not None else root.end)
        if include.file is None:
            return unknown(Reason("error", "the included file is not there", include.span), DYNAMIC), consumed
        return config_value(include.file.own_config()), consumed

    def _values_beside(self) -> Value | None:
        if self.child is None and self.reader.values is not None and self.unit == self.reader.unit:
            return self.reader.values
        path = join(parent(self.path), VALUES_FILE)
        if not self.places.is_file(path):
            return None
        source = self._source(path)
        return object_of(_attributes(source, self)) if source is not None else None

    # --- includes ------------------------------------------------------------------------------

    @property
    def includes(self) -> dict[str, Include]:
        """The files that this one includes, by label; a file that is included has none."""
        if self._includes is None:
            self._includes = {}
            for block in self.source.file.body.blocks:
                if block.type == "include":
                    self._include(block)
        return self._includes

    def _include(self, block: Block) -> None:
        label = block.labels[0] if block.labels else ""
        span = self.source.header(block)
        assert self._includes is not None
        if self.child is not None:
            self.reader.problem("invalid-terragrunt", "an included file can't include another", span)
            return
        path, strategy = include_of(self, block)
        file = None
        if path is not None:
            source = self._source(path)
            if source is not None:
                file = FileEvaluation(self.reader, source, path, self.unit, child=self)
            elif not self.places.exists(path):
                self.reader.problem("include-not-found", f"the included file `{path}` is not there", span)
        self._includes[label] = Include(label, file, strategy, span)

    def include_directory(self, label: str | None) -> TreePath:
        """See `Reading.include_directory`."""
        if self.child is not None:
            return parent(self.path)
        includes = list(self.includes.values())
        if label is not None and label in self.includes:
            includes = [self.includes[label]]
        if not includes or includes[0].file is None:
            return self.unit
        return parent(includes[0].file.path)

    # --- the whole ---------------------------------------------------------------------------

    def own_config(self, *, partial: bool = False) -> Config:
        """Return what this file alone says; `partial` where only its dependencies and features are asked for."""
        if self._config is None:
            self._config = Config(self.path)
            config_of(self, self._config, only=("feature",))
            config_of(self, self._config, only=("dependency",))
        if not partial and not self._is_making:
            self._is_making = True
            self._config.locals = self.locals()
            config_of(self, self._config, only=())
        return self._config

    def config(self) -> Config:
        """Return what this file says with all that it includes."""
        merged = self.own_config()
        for include in reversed(list(self.includes.values())):
            if include.file is not None:
                merged = merge(merged, include.file.own_config(), include.strategy, self.refuse)
        later = join(self.unit, INCLUDED_LATER)
        if self.child is None and self.places.is_file(later):
            source = self._source(later)
            if source is not None:
                over = FileEvaluation(self.reader, source, later, self.unit).own_config()
                merged = merge(over, merged, "shallow", self.refuse)
        return merged

    # --- other files -----------------------------------------------------------------------------

    def _source(self, path: TreePath) -> SourceFile | None:
        return read_source(self.reader, path)

    def read_configuration(self, path: TreePath, default: Value | None) -> Value:
        """See `Reading.read_configuration`."""
        if self.reader.loader.tree.kind(self.places.physical(path)) == "directory":
            path = next((found for name in UNIT_FILES if self.places.is_file(found := join(path, name))), path)
        if not self.places.is_file(path):
            if default is not None:
                return default
            raise EvaluationError(f"the configuration `{path}` is not there", code="include-not-found")
        if path in self.reader.reading or len(self.reader.reading) >= MAXIMUM_READS:
            raise EvaluationError(f"`{path}` is read while it is being read", code="cycle")
        source = self._source(path)
        if source is None:
            return unknown(Reason("error", f"`{path}` could not be read"), DYNAMIC)
        self.reader.reading.append(path)
        try:
            if path.rpartition("/")[2] == VALUES_FILE:
                return object_of(_attributes(source, self))
            return config_value(FileEvaluation(self.reader, source, path, parent(path)).config())
        finally:
            self.reader.reading.pop()

    def read_variables(self, path: TreePath) -> Value:
        """See `Reading.read_variables`."""
        if not self.places.is_file(path):
            raise EvaluationError(f"the variable file `{path}` is not there", code="file-not-found")
        source = self._source(path)
        if source is None:
            return unknown(Reason("error", f"`{path}` could not be read"), DYNAMIC)
        return call("jsonencode", [object_of(_attributes(source, self))], self.functions)

    def not_known(self, message: str) -> Value:
        """See `Reading.not_known`."""
        return self.reader.not_known(message)


def read_source(reader: Reader, path: TreePath) -> SourceFile | None:
    """Return a parsed file under the path where it is said to be; problems are reported."""
    physical = reader.places.physical(path)
    source, diagnostics = reader.loader.source(physical)
    for diagnostic in diagnostics:
        reader.report(diagnostic)
    if source is not None:
        reader.paths.setdefault(physical)
    return source


def _attributes(source: SourceFile, file: FileEvaluation) -> dict[str, Value]:
    """Return a file of plain values."""
    scope = TemplateScope({}, file.functions, file.budget)
    found: dict[str, Value] = {}
    for attribute in source.file.body.attributes:
        try:
            found[attribute.name] = evaluate(attribute.expression, scope)
        except EvaluationError as error:
            file.reader.report(Diagnostic(error.code, "error", error.message, source.span_of(attribute), broken=True))
    return found
