"""Each thing that can be wrong with a configuration: its message, its help, and its place between « and »."""

from __future__ import annotations

import pytest

from astralint.source.span import Lines

from .memory import loaded

WORKSPACE = 'workspace "p" {\n  path = "workspaces/production"\n'

CASES = [
    # what is not known at all
    ('«acount» "a" {\n}\n', "unknown block `acount`", "did you mean `account`?"),
    ('«Account» "a" {\n}\n', "unknown block `Account`", "did you mean `account`?"),
    ('«excludes» = ["a"]\n', "unknown argument `excludes`", "did you mean `exclude`?"),
    ('account "a" {\n  «knd» = "dns"\n}\n', "unknown argument `knd` in `account`", "did you mean `kind`?"),
    ('account "a" {\n  «worksapce» "x" {\n  }\n}\n', "unknown block `worksapce` in `account`", "did you mean `workspace`?"),
    ("«platform» = {}\n", "`platform` is a block, not an argument", "write `platform { … }`"),
    ("«account» = {}\n", "`account` is a block, not an argument", 'write `account "name" { … }`'),
    ("«exclude» {\n}\n", "`exclude` is an argument, not a block", "write `exclude = …`"),
    (WORKSPACE + "  «variables» {\n  }\n}\n", "`variables` is an argument, not a block", "write `variables = …`"),
    ('rule "AL101" {\n  «except» = []\n}\n', "`except` is a block, not an argument", "write `except { … }`"),
    # labels
    ("«account» {\n}\n", "this `account` block lacks a label: its name", 'write `account "name" { … }`'),
    ('«contract "layers"» {\n}\n', "this `contract` block lacks a label: its title", 'write `contract "type" "title" { … }`'),
    ("«contract» {\n}\n", "this `contract` block lacks a label: its type and its title", 'write `contract "type" "title" { … }`'),
    ('account "a" «"b"» {\n}\n', "a `account` block has 1 label", 'write `account "name" { … }`'),
    ('platform «"b"» {\n}\n', "a `platform` block has no label", "write `platform { … }`"),
    ('account «""» {\n}\n', "the label of this `account` block is empty", None),
    # types
    ('platform {\n  regions = «"eu-west-1"»\n}\n', "`regions` must be a list of strings, but it is a string", None),
    ('platform {\n  regions = ["eu-west-1", «3»]\n}\n', "element 1 of `regions` must be a string, but it is a number", None),
    ("platform {\n  organization = «[]»\n}\n", "`organization` must be a string, but it is a list", None),
    ('platform {\n  layers = «"yes"»\n}\n', "`layers` must be a bool, but it is a string", None),
    ("accounts = «[]»\n", "`accounts` must be an object, but it is a list", None),
    ("accounts = {\n  a = «1»\n}\n", '`accounts["a"]` must be an object with the arguments of `account`', None),
    ("accounts = {\n  a = { kind = «1» }\n}\n", '`accounts["a"].kind` must be a string, but it is a number', None),
    ('accounts = {\n  a = { «knd» = "x" }\n}\n', 'unknown argument `accounts["a"].knd`', "did you mean `kind`?"),
    (WORKSPACE + "  variables = «3»\n}\n", "`variables` must be an object, but it is a number", None),
    # values
    ('account "a" {\n  id = «210000000007»\n}\n', "`id` must be a string of 12 digits, but it is a number",
     "write it in quotes: as a number it loses its leading zeros"),
    ('account "a" {\n  id = «"21000000007"»\n}\n', "`21000000007` is no account id: it must have 12 digits",
     'if leading zeros were lost, write `"021000000007"`'),
    ('account "a" {\n  id = «"2100-0000-0007"»\n}\n', "`2100-0000-0007` is no account id: it must have 12 digits", 'write `"210000000007"`'),
    ('account "a" {\n  id = «"x"»\n}\n', "`x` is no account id: it must have 12 digits", None),
    ('account "a" {\n  id = «"21000000000٧"»\n}\n', "`21000000000٧` is no account id: it must have 12 digits", None),
    ('account "a" {\n  domain = «"https://a.example"»\n}\n', "`https://a.example` is no domain name", None),
    ('platform {\n  organization_id = «"astradot"»\n}\n',
     "`astradot` is no organization id: it must be `o-` and 10 to 32 lower-case letters or digits", None),
    ('platform {\n  partition = «"aws-chn"»\n}\n', "`aws-chn` is no partition of AWS", "did you mean `aws-cn`?"),
    ('platform {\n  regions = [«"eu-west1"»]\n}\n', "`eu-west1` is no region of AWS", "did you mean `eu-west-1`?"),
    ('rule "AL101" {\n  severity = «"warn"»\n}\n', "`warn` is no severity", "did you mean `warning`?"),
    ('rule "AL101" {\n  severity = «"fatal!!"»\n}\n', "`fatal!!` is no severity", "expected one of `error`, `note`, `off`, `warning`"),
    ('rule "AL101" {\n  except "x" {\n    subjects = []\n    until = «"31.12.2026"»\n  }\n}\n',
     "`31.12.2026` is no date of the form YYYY-MM-DD", None),
    ('rule "AL101" {\n  except "x" {\n    subjects = []\n    until = «"2026-02-30"»\n  }\n}\n',
     "`2026-02-30` is no date of the form YYYY-MM-DD", None),
    ('rule "AL101" {\n  «except» {\n    subjects = []\n  }\n}\n', "this exception gives no reason", 'say why: `except "the reason" { … }`'),
    ('rule "AL101" {\n  «except "x"» {\n  }\n}\n', "this exception says nothing of what it is for",
     'give it `subjects`, `accounts` or `workspaces`; `severity = "off"` switches a rule off'),
    ('rule "AL101" {\n  except "x" {\n    «reason» = "y"\n    subjects = []\n  }\n}\n', "this exception gives its reason twice", None),
    # unknown and failing expressions
    ("platform {\n  organization = «timestamp()»\n}\n", None, None),
    ("platform {\n  organization = «local.x»\n}\n", "there is no local value `x`", None),
    ('locals {\n  name = "x"\n}\nplatform {\n  organization = «local.nam»\n}\n', "there is no local value `nam`; did you mean `name`?", None),
    ("locals {\n  a = «local.a»\n}\n", "this local value depends on itself: `local.a` → `local.a`", None),
    ("platform {\n  organization = «var».x\n}\n", "`var` can't be used here: a configuration knows `local` and `path` only", None),
    ('locals {\n  a = file(«"/etc/passwd"»)\n}\n', "`/etc/passwd` lies outside of the directory that is analysed", None),
    ('locals {\n  a = file(«"../secret"»)\n}\n', None, None),
    ('rule "AL101" {\n  names = [«uuid()»]\n}\n', None, None),
    (WORKSPACE + "  variables = {\n    a = [1, timestamp()]\n  }\n}\n", None, None),
    # the same thing twice
    ("platform {\n}\n«platform» {\n}\n", "there is more than one `platform` block", None),
    ('account "a" {\n  kind = "dns"\n  «kind» = "email"\n}\n', None, None),
    ("locals {\n  a = 1\n}\nlocals {\n  «a» = 2\n}\n", "`a` is set twice", None),
    ('account "a" {\n}\naccount «"a"» {\n}\n', "account `a` is declared twice", None),
    ('accounts = {\n  «a» = {}\n}\naccount "a" {\n}\n', "account `a` is declared twice", None),
    ('account "a" {\n  id = "210000000007"\n}\naccount "b" {\n  id = «"210000000007"»\n}\n',
     "accounts `a` and `b` have the same id `210000000007`", None),
    (WORKSPACE + '}\nworkspace «"p"» {\n  path = "workspaces/staging"\n}\n', "workspace `p` is declared twice", None),
    ('rule "AL101" {\n}\nrule «"AL101"» {\n}\n', "rule `AL101` is declared twice", None),
    ('profile "a" {\n}\nprofile «"a"» {\n}\n', "profile `a` is declared twice", None),
    ('contract "independence" "x" {\n  members = []\n}\ncontract «"independence"» "x" {\n  members = []\n}\n', "contract `x` is declared twice", None),
    ('vendor "a" {\n  accounts = ["464622532012"]\n}\nvendor "b" {\n  accounts = [«"464622532012"»]\n}\n',
     "`464622532012` belongs to vendor `a` already", None),
    ('account "a" {\n  id = "464622532012"\n}\nvendor "b" {\n  accounts = [«"464622532012"»]\n}\n',
     "`464622532012` is the platform's own account `a`, so it can't be a vendor's", None),
    # paths
    ('«workspace "p"» {\n}\n', "workspace `p` has no `path`", None),
    ('workspace "p" {\n  path = «"workspaces/prodution"»\n}\n', "`workspaces/prodution` does not exist", "did you mean `workspaces/production`?"),
    ('workspace "p" {\n  path = «"../elsewhere"»\n}\n', "`../elsewhere` lies outside of the directory that is analysed", None),
    ('workspace "p" {\n  path = «"/root"»\n}\n', "`/root` must be relative to the configuration's directory", None),
    ('workspace "p" {\n  path = «""»\n}\n', "this path is empty", None),
    ('workspace "p" {\n  path = «"empty"»\n}\n', "`empty` holds no Terraform file", None),
    ('workspace "p" {\n  path = «"workspaces/production/main.tf"»\n}\n',
     "`workspaces/production/main.tf` is a file, but a root module is a directory", "write `workspaces/production`"),
    (WORKSPACE + '  var_files = [«"production.tfvars"»]\n}\n', "`production.tfvars` does not exist",
     "paths start at the configuration's directory: write `workspaces/production/production.tfvars`"),
    (WORKSPACE + '  var_files = [«"workspaces"»]\n}\n', "`workspaces` is a directory, but a file is needed", None),
    (WORKSPACE + '  account = «"prod"»\n}\naccount "production" {\n}\n', "there is no account `prod`", "did you mean `production`?"),
    (WORKSPACE + '  region = «"frankfurt"»\n}\n', "`frankfurt` is no region of AWS", None),
    ('account "a" {\n  external = «true»\n  workspace "p" {\n    path = "workspaces/production"\n  }\n}\n',
     "account `a` is external, so it can have no workspace", "an external account belongs to the organization, but no workspace here manages it"),
    ('«module_source "git::x"» {\n}\n', "module source `git::x` has no `directory`", None),
    ('module_source "x" {\n  directory = «"nowhere"»\n}\n', "`nowhere` does not exist", None),
    ('«vendor "x"» {\n}\n', "vendor `x` has no `accounts`", None),
    ('vendor "x" {\n  accounts = [«464622532012»]\n}\n', "`accounts[0]` must be a string of 12 digits, but it is a number",
     "write it in quotes: as a number it loses its leading zeros"),
    ('exclude = [«"../x"»]\n', "`../x` lies outside of the directory that is analysed", None),
    # contracts
    ('contract «"layer"» "x" {\n}\n', "unknown contract type `layer`", "did you mean `layers`?"),
    ('«contract "layers" "x"» {\n}\n', "contract `x` has no `layers`", None),
    ('contract "independence" "x" {\n  members = []\n  «member» = 1\n}\n', "unknown argument `member` in a `independence` contract", "did you mean `members`?"),
    ('contract "independence" "x" {\n  members = «"a"»\n}\n', "`members` must be a list of strings, but it is a string", None),
    # data from a file
    ('accounts = «{ for name, account in yamldecode(file("accounts.yaml")) : name => { id = account.id } }»\n', None, None),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "message", "help_"), CASES, ids=range(len(CASES)))
def test_a_problem_has_its_place_and_its_message(marked: str, message: str | None, help_: str | None) -> None:
    before, _, rest = marked.partition("«")
    inside, _, after = rest.partition("»")
    text = before + inside + after
    _, diagnostics = loaded(text)
    assert len(diagnostics) == 1, diagnostics
    diagnostic = diagnostics[0]
    assert diagnostic.severity == "error"
    assert diagnostic.usage
    assert not diagnostic.broken
    assert not diagnostic.message.endswith(".")
    if message is not None:
        assert diagnostic.message == message
        assert diagnostic.help == help_
    if inside:
        assert diagnostic.span == Lines.of(text).span("astralint.hcl", len(before), len(before + inside))


LABELLED = [
    ('account "a" {\n}\naccount "a" {\n}\n', "the first one is here", '"a"'),
    ('account "a" {\n  id = "210000000007"\n}\naccount "b" {\n  id = "210000000007"\n}\n', "the first one is here", '"210000000007"'),
    ("platform {\n}\nplatform {\n}\n", "the first one is here", "platform"),
    ("locals {\n  first = 1\n}\nlocals {\n  first = 2\n}\n", "it is set here first", "first"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "label", "first"), LABELLED)
def test_what_is_there_twice_points_to_the_first(text: str, label: str, first: str) -> None:
    _, (diagnostic,) = loaded(text)
    start = text.index(first)
    assert [(found.text, found.span) for found in diagnostic.labels] == [
        (label, Lines.of(text).span("astralint.hcl", start, start + len(first)))
    ]


def test_several_problems_come_in_the_order_of_their_places() -> None:
    _, diagnostics = loaded('acount "a" {\n}\naccount "b" {\n  id = 1\n  knd = 2\n}\nplatform {\n  regions = 3\n}\n')
    assert [diagnostic.span.line for diagnostic in diagnostics if diagnostic.span] == [1, 4, 5, 8]


def test_a_failing_local_value_is_reported_once() -> None:
    text = "locals {\n  a = nope()\n}\nplatform {\n  organization = local.a\n  root_domain = local.a\n}\n"
    _, diagnostics = loaded(text)
    assert [diagnostic.span.line for diagnostic in diagnostics if diagnostic.span] == [2]


def test_reading_ends_after_many_problems() -> None:
    settings, diagnostics = loaded("x = 1\n" + "".join(f'b{i} "a" {{\n}}\n' for i in range(20_000)))
    assert len(diagnostics) == 200
    assert settings.path == "astralint.hcl"


def test_a_syntax_error_stands_alone() -> None:
    settings, diagnostics = loaded('account "a" {\n  kind = \n}\nacount {\n}\n')
    assert [(d.code, d.usage, d.broken, d.span.line if d.span else 0) for d in diagnostics] == [
        ("syntax-error", True, False, 2)
    ]
    assert settings.accounts == ()


def test_rule_code_of_a_discovered_configuration_is_a_warning() -> None:
    settings, (diagnostic,) = loaded('rule_paths = ["rules"]\n')
    assert (diagnostic.code, diagnostic.severity, diagnostic.usage) == ("rule-code-not-run", "warning", False)
    assert "--allow-rule-code" in (diagnostic.help or "")
    assert settings.rule_paths == ("rules",)
