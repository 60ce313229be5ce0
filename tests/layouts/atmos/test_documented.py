"""What Atmos' documentation says of stacks: imports, merging, inheritance, overrides, names, state, templates, functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.layouts.atmos.projects import ATMOS, PLACE, read

STACK = "stacks/orgs/s.yaml"
C = "t-e-s/c"


def component(variables: str, more: str = "", name: str = "c") -> str:
    """Return a manifest's components: one, with these variables as a map in one line."""
    return f"components:\n  terraform:\n    {name}:\n      vars: {variables}\n{more}"


# Each: what is told, the manifests, and the variables of the component `c` of the stack `t-e-s`.
MERGED: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("own variables", {STACK: PLACE + component("{a: 1}")}, {"a": 1}),
    ("the stack's variables lie below", {STACK: PLACE + component("{a: 1}")}, {"tenant": "t", "a": 1}),
    (
        "those of all Terraform components lie between",
        {STACK: "vars: {tenant: t, environment: e, stage: s, a: 1, b: 1}\nterraform: {vars: {b: 2, d: 2}}\n" + component("{d: 3}")},
        {"a": 1, "b": 2, "d": 3},
    ),
    (
        "level beats place: an importing file's stack variables lose against an imported component's",
        {STACK: "import: [catalog/c]\nvars: {tenant: t, environment: e, stage: s, a: 1}\n", "stacks/catalog/c.yaml": component("{a: 2}")},
        {"a": 2},
    ),
    (
        "a file lies over its imports",
        {STACK: "import: [catalog/c]\n" + PLACE + component("{a: 1}"), "stacks/catalog/c.yaml": component("{a: 2, b: 2}")},
        {"a": 1, "b": 2},
    ),
    (
        "a later import lies over an earlier one",
        {
            STACK: "import: [catalog/one, catalog/two]\n" + PLACE,
            "stacks/catalog/one.yaml": component("{a: 1, b: 1}"),
            "stacks/catalog/two.yaml": component("{b: 2}"),
        },
        {"a": 1, "b": 2},
    ),
    (
        "imports of imports come first",
        {
            STACK: "import: [catalog/one]\n" + PLACE,
            "stacks/catalog/one.yaml": "import: [catalog/base]\n" + component("{a: 1}"),
            "stacks/catalog/base.yaml": component("{a: 2, b: 2}"),
        },
        {"a": 1, "b": 2},
    ),
    (
        "an import may name its ending",
        {STACK: "import: [catalog/c.yaml]\n" + PLACE, "stacks/catalog/c.yaml": component("{a: 1}")},
        {"a": 1},
    ),
    (
        "an import may be `.yml`",
        {STACK: "import: [catalog/c]\n" + PLACE, "stacks/catalog/c.yml": component("{a: 1}")},
        {"a": 1},
    ),
    (
        "an import may be an entry with a path",
        {STACK: "import: [{path: catalog/c}]\n" + PLACE, "stacks/catalog/c.yaml": component("{a: 1}")},
        {"a": 1},
    ),
    (
        "a path that begins with a dot counts from the file",
        {STACK: "import: [./_defaults]\n" + component("{a: 1}"), "stacks/orgs/_defaults.yaml": PLACE},
        {"a": 1, "stage": "s"},
    ),
    (
        "a path with two dots counts from the file",
        {"stacks/orgs/x/s.yaml": "import: [../_defaults]\n" + component("{a: 1}"), "stacks/orgs/_defaults.yaml": PLACE},
        {"a": 1},
    ),
    (
        "an import may be a pattern, in the order of the paths",
        {
            STACK: "import: ['catalog/*']\n" + PLACE,
            "stacks/catalog/b.yaml": component("{a: 2}"),
            "stacks/catalog/a.yaml": component("{a: 1, b: 1}"),
        },
        {"a": 2, "b": 1},
    ),
    (
        "two stars go down any number of directories",
        {
            STACK: "import: ['catalog/**/*.yaml']\n" + PLACE,
            "stacks/catalog/x/y/b.yaml": component("{a: 2}"),
            "stacks/catalog/a.yaml": component("{b: 1}"),
        },
        {"a": 2, "b": 1},
    ),
    (
        "an import that may be missing",
        {STACK: "import: [{path: catalog/c, skip_if_missing: true}]\n" + PLACE + component("{a: 1}")},
        {"a": 1},
    ),
    (
        "an import's context fills its templates",
        {
            STACK: "import: [{path: catalog/c, context: {flavor: red, n: 2}}]\n" + PLACE,
            "stacks/catalog/c.yaml": component('{a: "{{ .flavor }}", n: {{ .n }}}'),
        },
        {"a": "red", "n": 2},
    ),
    (
        "a context goes down to the imports of an import, and wins there",
        {
            STACK: "import: [{path: catalog/one, context: {flavor: red}}]\n" + PLACE,
            "stacks/catalog/one.yaml": "import: [{path: catalog/two, context: {flavor: blue, size: big}}]\n",
            "stacks/catalog/two.yaml": component('{a: "{{ .flavor }}", b: "{{ .size }}"}'),
        },
        {"a": "red", "b": "big"},
    ),
    (
        "a context can name a component",
        {
            STACK: "import: [{path: catalog/c, context: {name: c}}]\n" + PLACE,
            "stacks/catalog/c.yaml": component("{a: 1}", name='"{{ .name }}"'),
        },
        {"a": 1},
    ),
    (
        "maps merge, all the way down",
        {STACK: "import: [catalog/c]\n" + PLACE + component("{m: {x: {p: 1}}}"), "stacks/catalog/c.yaml": component("{m: {x: {q: 2}, y: 3}}")},
        {"m": {"x": {"p": 1, "q": 2}, "y": 3}},
    ),
    (
        "lists replace each other",
        {STACK: "import: [catalog/c]\n" + PLACE + component("{l: [3]}"), "stacks/catalog/c.yaml": component("{l: [1, 2]}")},
        {"l": [3]},
    ),
    (
        "a list that appends",
        {STACK: "import: [catalog/c]\n" + PLACE + component("{l: !append [3]}"), "stacks/catalog/c.yaml": component("{l: [1, 2]}")},
        {"l": [1, 2, 3]},
    ),
    (
        "null wins",
        {STACK: "import: [catalog/c]\n" + PLACE + component("{a: null}"), "stacks/catalog/c.yaml": component("{a: 1}")},
        {"a": None},
    ),
    (
        "of different kinds the later wins",
        {STACK: "import: [catalog/c]\n" + PLACE + component("{a: [1]}"), "stacks/catalog/c.yaml": component("{a: {x: 1}}")},
        {"a": [1]},
    ),
    (
        "an empty map takes nothing away",
        {STACK: "import: [catalog/c]\n" + PLACE + component("{m: {}}"), "stacks/catalog/c.yaml": component("{m: {x: 1}}")},
        {"m": {"x": 1}},
    ),
    (
        "inherited variables lie below the own",
        {
            STACK: PLACE
            + "components:\n  terraform:\n    base: {metadata: {type: abstract}, vars: {a: 1, b: 1}}\n"
            + "    c: {metadata: {inherits: [base]}, vars: {b: 2}}\n"
        },
        {"a": 1, "b": 2},
    ),
    (
        "and above those of all Terraform components",
        {
            STACK: PLACE
            + "terraform: {vars: {a: 0}}\ncomponents:\n  terraform:\n    base: {metadata: {type: abstract}, vars: {a: 1}}\n"
            + "    c: {metadata: {inherits: [base]}}\n"
        },
        {"a": 1},
    ),
    (
        "of several bases the later wins",
        {
            STACK: PLACE
            + "components:\n  terraform:\n    one: {metadata: {type: abstract}, vars: {a: 1, b: 1}}\n"
            + "    two: {metadata: {type: abstract}, vars: {b: 2}}\n    c: {metadata: {inherits: [one, two]}}\n"
        },
        {"a": 1, "b": 2},
    ),
    (
        "a base brings its own bases",
        {
            STACK: PLACE
            + "components:\n  terraform:\n    one: {metadata: {type: abstract}, vars: {a: 1, b: 1}}\n"
            + "    two: {metadata: {type: abstract, inherits: [one]}, vars: {b: 2}}\n    c: {metadata: {inherits: [two]}}\n"
        },
        {"a": 1, "b": 2},
    ),
    (
        "the old way to inherit: `component`",
        {STACK: PLACE + "components:\n  terraform:\n    base: {metadata: {type: abstract}, vars: {a: 1}}\n    c: {component: base, vars: {b: 2}}\n"},
        {"a": 1, "b": 2},
    ),
    (
        "overrides lie over all",
        {STACK: PLACE + component("{a: 1}") + "overrides: {vars: {a: 2}}\n"},
        {"a": 2},
    ),
    (
        "overrides of Terraform lie over those",
        {STACK: PLACE + component("{a: 1}") + "overrides: {vars: {a: 2, b: 2}}\nterraform: {overrides: {vars: {a: 3}}}\n"},
        {"a": 3, "b": 2},
    ),
    (
        "overrides count for what the file imports",
        {STACK: "import: [catalog/c]\n" + PLACE + "overrides: {vars: {a: 2}}\n", "stacks/catalog/c.yaml": component("{a: 1}")},
        {"a": 2},
    ),
    (
        "overrides of one import are not for its siblings before it",
        {
            STACK: "import: [catalog/c, catalog/other]\n" + PLACE,
            "stacks/catalog/c.yaml": component("{a: 1}"),
            "stacks/catalog/other.yaml": "overrides: {vars: {a: 2}}\n" + component("{}", name="d"),
        },
        {"a": 1},
    ),
    (
        "overrides can be imported",
        {
            STACK: "import: [catalog/overrides]\n" + PLACE + component("{a: 1}"),
            "stacks/catalog/overrides.yaml": "overrides: {vars: {a: 2}}\n",
        },
        {"a": 2},
    ),
    (
        "what an importing file overrides wins over what the imported one does",
        {
            STACK: "import: [catalog/c]\n" + PLACE + "overrides: {vars: {a: 3}}\n",
            "stacks/catalog/c.yaml": "overrides: {vars: {a: 2}}\n" + component("{a: 1}"),
        },
        {"a": 3},
    ),
    (
        "anchors and merges work within a file",
        {STACK: "x: &x {p: 1, q: 1}\n" + PLACE + component("{m: {<<: *x, q: 2}}")},
        {"m": {"p": 1, "q": 2}},
    ),
    ("a key is taken away", {STACK: "import: [catalog/c]\n" + PLACE + component("{a: !unset }"), "stacks/catalog/c.yaml": component("{a: 1, b: 2}")}, {"b": 2}),
    ("words of old YAML are texts", {STACK: PLACE + component("{a: yes, b: on, d: true}")}, {"a": "yes", "b": "on", "d": True}),
    ("numbers of all kinds", {STACK: PLACE + component("{a: 0x10, b: 010, d: 1.5, f: 1_000}")}, {"a": 16, "b": 8, "d": 1.5, "f": 1000}),
    ("a literal stays as it is", {STACK: PLACE + component("{a: !literal '{{ x }}'}")}, {"a": "{{ x }}"}),
    ("a template of variables", {STACK: PLACE + component("{a: 'x-{{ .vars.stage }}'}")}, {"a": "x-s"}),
    ("a template of settings", {STACK: PLACE + component("{a: '{{ .settings.k }}'}", "      settings: {k: v}\n")}, {"a": "v"}),
    ("a template knows where it is", {STACK: PLACE + component("{a: '{{ .atmos_component }} {{ .atmos_stack }}'}")}, {"a": "c t-e-s"}),
    ("a template with functions", {STACK: PLACE + component("{a: '{{ printf \"%s-%d\" .vars.stage 2 | upper | quote }}'}")}, {"a": '"S-2"'}),
    ("a template decides", {STACK: PLACE + component("{a: '{{ if eq .vars.stage \"s\" }}yes{{ else }}no{{ end }}'}")}, {"a": "yes"}),
    ("a template goes through a list", {STACK: PLACE + component("{l: [p, q], a: '{{ range .vars.l }}<{{ . }}>{{ end }}'}")}, {"a": "<p><q>"}),
    ("a template that reads the environment is unknown", {STACK: PLACE + component("{a: '{{ env \"HOME\" }}'}")}, {"a": "unknown: `env` is not computed"}),
    ("a template that runs something is unknown", {STACK: PLACE + component("{a: '{{ exec \"id\" }}'}")}, {"a": "unknown: `exec` is not computed"}),
    ("a function that runs something is unknown", {STACK: PLACE + component("{a: !exec id}")}, {"a": "unknown: `!exec` is not computed"}),
    ("a store is unknown", {STACK: PLACE + component("{a: !store prod c k}")}, {"a": "unknown: `!store` is not computed"}),
    ("`!env` takes the component's own environment", {STACK: PLACE + component("{a: !env X}", "      env: {X: v}\n")}, {"a": "v"}),
    ("`!env` of the machine is unknown", {STACK: PLACE + component("{a: !env X d}")}, {"a": "unknown: the environment variable `X` is not in the code"}),
    ("`!template` gives data", {STACK: PLACE + component("{l: [1, 2], a: !template '{{ toJson .vars.l }}'}")}, {"a": [1, 2]}),
    ("`!include` reads YAML", {STACK: PLACE + component("{a: !include ./x.yaml}"), "stacks/orgs/x.yaml": "p: {q: 1}\n"}, {"a": {"p": {"q": 1}}}),
    ("`!include` with a path in it", {STACK: PLACE + component("{a: !include ./x.json .p.q}"), "stacks/orgs/x.json": '{"p": {"q": 1}}'}, {"a": 1}),
    ("`!include` of text", {STACK: PLACE + component("{a: !include ./x.txt}"), "stacks/orgs/x.txt": "hello"}, {"a": "hello"}),
    ("`${…}` is no reference", {STACK: PLACE + component("{a: 'x-${stage}'}")}, {"a": "unknown: `${stage}` is no syntax of Atmos"}),
    ("what IAM writes alike is text", {STACK: PLACE + component("{a: '${aws:username}'}")}, {"a": "${aws:username}"}),
    ("another's output waits for it", {STACK: PLACE + component("{a: !terraform.output vpc vpc_id}")}, {"a": "unknown: another workspace has not answered yet"}),
]  # fmt: skip


@pytest.mark.parametrize(("files", "wanted"), [case[1:] for case in MERGED], ids=[case[0] for case in MERGED])
def test_variables(tmp_path: Path, files: dict[str, str], wanted: dict[str, Any]) -> None:
    found = read(tmp_path, files).variables
    variables = found.get(C) or next(iter(found.values()))
    assert {name: variables.get(name) for name in wanted} == wanted
    if "!unset" in files[next(iter(files))]:
        assert "a" not in variables


STRATEGIES: list[tuple[str, str, str, list[Any]]] = [
    ("append", "[1, 2]", "[3]", [1, 2, 3]),
    ("merge", "[{a: 1}, {b: 1}]", "[{a: 2, c: 2}]", [{"a": 2, "c": 2}, {"b": 1}]),
    ("merge", "[1, 2]", "[3, 4, 5]", [1, 2, 5]),
    ("replace", "[1, 2]", "[3]", [3]),
]


@pytest.mark.parametrize(("strategy", "under", "over", "wanted"), STRATEGIES)
def test_lists_merge_as_the_project_says(
    tmp_path: Path, strategy: str, under: str, over: str, wanted: list[Any]
) -> None:
    files = {
        STACK: "import: [catalog/c]\n" + PLACE + component(f"{{l: {over}}}"),
        "stacks/catalog/c.yaml": component(f"{{l: {under}}}"),
    }
    atmos = ATMOS + f"settings: {{list_merge_strategy: {strategy}}}\n"
    assert read(tmp_path, files, atmos).variables[C]["l"] == wanted


NAMES: list[tuple[str, str, str, str]] = [
    ("a pattern's tokens", 'name_pattern: "{tenant}-{environment}-{stage}"', "", "t-e-s"),
    ("literal parts contribute nothing", 'name_pattern: "x-{stage}"', "", "s"),
    ("unknown tokens contribute nothing", 'name_pattern: "{dir}-{stage}"', "", "s"),
    ("a token that is missing: the path", 'name_pattern: "{namespace}-{stage}"', "", "orgs-s"),
    ("a pattern without tokens: the path", 'name_pattern: "{dir}"', "", "orgs-s"),
    ("a template", 'name_template: "{{ .vars.tenant }}/{{ .vars.stage }}"', "", "t/s"),
    ("a template before a pattern", 'name_template: "{{ .vars.tenant }}"\n  name_pattern: "{stage}"', "", "t"),
    ("the manifest's own name before all", 'name_pattern: "{stage}"', "name: mine\n", "mine"),
    ("nothing said: the path", "base_path: stacks", "", "orgs-s"),
]


@pytest.mark.parametrize(("setting", "own", "wanted"), [case[1:] for case in NAMES], ids=[case[0] for case in NAMES])
def test_names_of_stacks(tmp_path: Path, setting: str, own: str, wanted: str) -> None:
    atmos = f'stacks:\n  included_paths: ["orgs/**/*"]\n  {setting}\n'
    assert list(read(tmp_path, {STACK: own + PLACE + component("{}")}, atmos).variables) == [f"{wanted}/c"]


WORKSPACES: list[tuple[str, str, str, str, str]] = [
    ("the stack's name", "vpc", "", "t-e-s", "vpc"),
    ("with the component's, where the directory has another", "net/vpc", "component: vpc", "t-e-s-net-vpc", "vpc"),
    ("slashes become dashes", "net/vpc", "", "t-e-s", "net/vpc"),
    ("as it is said", "vpc", "terraform_workspace: mine", "mine", "vpc"),
    ("a pattern", "net/vpc", 'component: vpc, terraform_workspace_pattern: "{stage}-{component}"', "s-net-vpc", "vpc"),
    ("a pattern with the base", "n", 'component: vpc, terraform_workspace_pattern: "{base-component}-{tenant}"', "vpc-t", "vpc"),
    ("a template", "vpc", "terraform_workspace_template: '{{ .vars.stage }}.{{ .atmos_component }}'", "s.vpc", "vpc"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "metadata", "workspace", "directory"), [c[1:] for c in WORKSPACES], ids=[c[0] for c in WORKSPACES])  # fmt: skip
def test_workspaces(tmp_path: Path, name: str, metadata: str, workspace: str, directory: str) -> None:
    files = {STACK: PLACE + f"components:\n  terraform:\n    {name}: {{metadata: {{{metadata}}}}}\n"}
    found = read(tmp_path, files)
    assert (found.workspaces, found.directories) == ({f"t-e-s/{name}": workspace}, {f"t-e-s/{name}": directory})


S3 = "terraform:\n  backend_type: s3\n  backend: {s3: {bucket: b, key: terraform.tfstate}}\n"
STATES: list[tuple[str, str, dict[str, Any]]] = [
    ("the prefix is the component", f"{S3}components: {{terraform: {{vpc: {{}}}}}}\n", {"workspace_key_prefix": "vpc"}),
    (
        "or its directory",
        f"{S3}components: {{terraform: {{vpc: {{metadata: {{component: net/vpc}}}}}}}}\n",
        {"workspace_key_prefix": "net-vpc"},
    ),
    (
        "or what is said",
        f"{S3}components: {{terraform: {{vpc: {{backend: {{s3: {{workspace_key_prefix: p}}}}}}}}}}\n",
        {"workspace_key_prefix": "p", "bucket": "b"},
    ),
    (
        "a component's backend lies over that of all",
        f"{S3}components: {{terraform: {{vpc: {{backend: {{s3: {{bucket: own}}}}}}}}}}\n",
        {"bucket": "own", "key": "terraform.tfstate"},
    ),
    (
        "a component may have another kind",
        f"{S3}components: {{terraform: {{vpc: {{backend_type: gcs, backend: {{gcs: {{bucket: g}}}}}}}}}}\n",
        {"backend": "gcs", "bucket": "g", "prefix": "vpc"},
    ),
    (
        "a key of Azure",
        "components: {terraform: {vpc: {backend_type: azurerm, backend: {azurerm: {key: all}}}}}\n",
        {"backend": "azurerm", "key": "all-vpc.terraform.tfstate"},
    ),
    (
        "HCP Terraform's workspace",
        (
            "components: {terraform: {vpc: {backend_type: cloud, backend: {cloud: {organization: o, "
            'workspaces: {name: "x-{terraform_workspace}"}}}}}}\n'
        ),
        {"backend": "cloud", "organization": "o", "workspaces.name": "x-t-e-s"},
    ),
]


@pytest.mark.parametrize(("text", "wanted"), [case[1:] for case in STATES], ids=[case[0] for case in STATES])
def test_states(tmp_path: Path, text: str, wanted: dict[str, Any]) -> None:
    state = read(tmp_path, {STACK: PLACE + text}).states["t-e-s/vpc"]
    assert {name: state.get(name) for name in wanted} == wanted


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("an import that is not there", {STACK: "import: [catalog/no]\n"}, "the import `catalog/no` is not there"),
    ("an import of itself", {STACK: "import: [orgs/s]\n" + PLACE}, "`stacks/orgs/s.yaml` imports itself"),
    ("an import from outside", {STACK: "import: [../../../etc/passwd]\n"}, "lies outside of the directory"),
    ("no YAML", {STACK: "a: [1\n"}, "did not find expected"),
    ("a key twice", {STACK: "a: 1\na: 2\n"}, "the key `a` is there twice"),
    (
        "a base that is not there",
        {STACK: PLACE + "components: {terraform: {c: {metadata: {inherits: [no]}}}}\n"},
        "the component `no`, which is inherited, is not there",
    ),
    (
        "inheriting from itself",
        {STACK: PLACE + "components: {terraform: {c: {metadata: {inherits: [c]}}}}\n"},
        "inherits from itself",
    ),
    ("a template that is none", {STACK: PLACE + component("{a: '{{ if }}'}")}, "a template of `c`"),
    ("a bomb", {STACK: "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(f"{y}: &{y} [{','.join(['*' + x] * 9)}]\n" for x, y in zip("abcdef", "bcdefg", strict=True))}, "stands for more than"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "message"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_is_wrong_is_said(tmp_path: Path, files: dict[str, str], message: str) -> None:
    assert any(message in said for said in read(tmp_path, files).messages)


def test_a_remote_import_leaves_things_open(tmp_path: Path) -> None:
    files = {STACK: "import: ['git::https://example.com/x.git//c']\n" + PLACE + component("{a: 1}")}
    assert read(tmp_path, files).unread == ["the import `git::https://example.com/x.git//c` is not in the tree"]


def test_templates_that_are_switched_off_stay_texts(tmp_path: Path) -> None:
    atmos = ATMOS + "templates: {settings: {enabled: false}}\n"
    files = {STACK: PLACE + component("{a: '{{ .vars.stage }}'}")}
    assert read(tmp_path, files, atmos).variables[C]["a"] == "{{ .vars.stage }}"
