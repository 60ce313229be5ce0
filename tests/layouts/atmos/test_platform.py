"""A small Atmos project, evaluated: accounts, states, remote state, generated files, labels."""

from __future__ import annotations

import pytest

from astralint.platform.build import Build
from tests.layouts.trees import built, messages, shown

LABEL = """
variable "tenant" {}
variable "environment" {}
variable "stage" {}
variable "region" {}
variable "tags" {
  type    = map(string)
  default = {}
}
module "this" {
  source      = "cloudposse/label/null"
  version     = "0.25.0"
  tenant      = var.tenant
  environment = var.environment
  stage       = var.stage
  label_order = ["tenant", "environment", "stage", "name"]
  tags        = var.tags
}
"""
FILES = {
    "rootfs/usr/local/etc/atmos/atmos.yaml": """
base_path: ""
components: {terraform: {base_path: components/terraform}}
stacks:
  base_path: stacks
  included_paths: ["orgs/**/*"]
  excluded_paths: ["**/_defaults.yaml"]
  name_pattern: "{tenant}-{environment}-{stage}"
""",
    "stacks/orgs/_defaults.yaml": """
vars: {region: eu-west-1}
terraform:
  backend_type: s3
  backend: {s3: {bucket: state, key: terraform.tfstate}}
  vars:
    descriptor_formats: {account_name: {format: "%v-%v", labels: [tenant, stage]}}
""",
    "stacks/orgs/prod.yaml": """
import: [orgs/_defaults]
vars: {tenant: plat, environment: ew1, stage: production}
components:
  terraform:
    defaults: {metadata: {type: abstract}, vars: {name: base}}
    queue:
      metadata: {inherits: [defaults]}
      vars: {name: jobs, account_id: "111122223333"}
      providers:
        aws:
          allowed_account_ids: ["111122223333"]
          region: "{{ .vars.region }}"
    role:
      vars:
        by_function: !terraform.output queue arn
        by_template: '{{ (atmos.Component "queue" .stack).outputs.arn }}'
        missing: !terraform.state nobody arn
    brown:
      metadata: {component: queue}
      remote_state_backend_type: static
      remote_state_backend: {static: {arn: "arn:aws:sqs:eu-west-1:111122223333:old"}}
      vars: {name: brown}
    gone: {}
    off: {metadata: {enabled: false, component: queue}, vars: {name: off}}
""",
    "components/terraform/queue/main.tf": LABEL
    + 'variable "name" {}\nresource "aws_sqs_queue" "q" {\n  name = "${module.this.id}-${var.name}"\n  tags = module.this.tags\n}\n'
    'output "arn" {\n  value = aws_sqs_queue.q.arn\n}\n',
    "components/terraform/queue/terraform.tfvars": 'name = "of the file"\n',
    "components/terraform/role/main.tf": LABEL
    + """
variable "by_function" {}
variable "by_template" {}
variable "missing" {}
module "queue" {
  source    = "cloudposse/stack-config/yaml//modules/remote-state"
  component = "queue"
  context   = module.this.context
}
module "brown" {
  source    = "cloudposse/stack-config/yaml//modules/remote-state"
  component = "brown"
  context   = module.this.context
}
module "bypassed" {
  source    = "cloudposse/stack-config/yaml//modules/remote-state"
  component = "queue"
  bypass    = true
  defaults  = { arn = "none" }
  context   = module.this.context
}
output "of_module" {
  value = module.queue.outputs.arn
}
output "of_function" {
  value = var.by_function
}
output "of_template" {
  value = var.by_template
}
output "bypassed" {
  value = module.bypassed.outputs.arn
}
output "account" {
  value = module.descriptor.descriptors.account_name
}
output "shortened" {
  value = length(module.short.id)
}
output "context_goes_on" {
  value = module.descriptor.id
}
module "descriptor" {
  source             = "cloudposse/label/null"
  name               = "x y"
  attributes         = ["a", "b"]
  descriptor_formats = { account_name = { format = "%v-%v", labels = ["tenant", "stage"] } }
  context            = module.this.context
}
module "short" {
  source          = "cloudposse/label/null"
  id_length_limit = 9
  context         = module.this.context
}
""",
    "components/terraform/unused/main.tf": 'provider "aws" {}\nresource "aws_sqs_queue" "q" {}\n',
}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return built(tmp_path_factory.mktemp("atmos"), FILES)


def test_components_are_workspaces(build: Build) -> None:
    found = shown(build)
    assert list(found) == [f"plat-ew1-production/{name}" for name in ("brown", "gone", "off", "queue", "role")]
    queue = found["plat-ew1-production/queue"]
    assert (queue["layout"], queue["path"], queue["account"]) == (
        "atmos",
        "components/terraform/queue",
        "plat-production",
    )
    assert queue["state"]["bucket"] == "state"
    assert queue["state"]["workspace_key_prefix"] == "queue"
    assert queue["variables"]["name"] == "jobs", "the written file wins over the directory's own"


def test_labels_and_generated_providers_count(build: Build) -> None:
    (resource,) = shown(build)["plat-ew1-production/queue"]["resources"]
    assert resource["values"]["name"] == "plat-ew1-production-jobs"
    assert resource["values"]["tags"] == {
        "Environment": "ew1",
        "Name": "plat-ew1-production",
        "Stage": "production",
        "Tenant": "plat",
    }
    assert resource["region"] == "eu-west-1"


def test_outputs_of_components_are_read(build: Build) -> None:
    role = shown(build)["plat-ew1-production/role"]
    arn = "arn:aws:sqs:eu-west-1:111122223333:plat-ew1-production-jobs"
    outputs = {name: output.get("value") for name, output in role["outputs"].items()}
    assert outputs["of_module"] == outputs["of_function"] == outputs["of_template"] == arn
    assert outputs["bypassed"] == "none"
    assert role["depends_on"] == ["plat-ew1-production/brown", "plat-ew1-production/queue"]
    assert "there is no `nobody` in the stack" in role["variables"]["missing"]["reason"]


def test_labels_go_on(build: Build) -> None:
    outputs = {n: o.get("value") for n, o in shown(build)["plat-ew1-production/role"]["outputs"].items()}
    assert outputs["account"] == "plat-production"
    assert outputs["context_goes_on"] == "plat-ew1-production-xy"
    assert outputs["shortened"] == 9


def test_what_is_not_there_is_said(build: Build) -> None:
    coverage = next(each for each in build.discovery.layouts if each.name == "atmos")
    assert (coverage.units, coverage.evaluated) == (5, 4)
    assert coverage.undecided == (("`components/terraform/gone` is not there", 1),)
    assert any("`off` in `plat-ew1-production` is kept out of every run" in said for said in messages(build))
    assert not any(diagnostic.broken for diagnostic in build.diagnostics)


def test_components_are_no_roots(build: Build) -> None:
    assert not any(workspace.spec.layout == "plain" for workspace in build.platform.workspaces.values())
