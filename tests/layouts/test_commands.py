"""What Makefiles, justfiles, scripts and workflows say of how roots are run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.layouts.trees import built, messages, shown

ROOT = (
    'terraform {\n  backend "s3" {\n    key = "k"\n  }\n}\n'
    'variable "allowed" {}\nvariable "size" {\n  default = 1\n}\n'
    'provider "aws" {\n  region = "eu-west-1"\n  allowed_account_ids = [var.allowed]\n}\n'
    'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\noutput "size" {\n  value = var.size\n}\n'
    'output "workspace" {\n  value = terraform.workspace\n}\n'
)
FILES = {
    "roots/a/main.tf": ROOT,
    # Names tell nothing of these: they are where only a command leads.
    "values/uat.data.tfvars": 'allowed = "222222222222"\n',
    "values/live.data.tfvars": 'allowed = "111111111111"\nsize = 3\n',
    "values/uat.s3": 'bucket = "uat"\n',
    "values/live.s3": 'bucket = "live"\n',
}
INIT, PLAN = "-backend-config=../../values/{}.s3", "-var-file=../../values/{}.data.tfvars"


def workflow(job: str) -> str:
    return f"on: push\njobs:\n  deploy:\n{job}"


TABLE = {
    "make, a variable": (
        "Makefile",
        "ENV ?= uat\nplan:\n\tcd roots/a && terraform init " + INIT.format("$(ENV)") + "\n"
        "\tcd roots/a && terraform plan " + PLAN.format("$(ENV)") + "\n",
    ),
    "make, chdir and flags in variables": (
        "Makefile",
        "TF := terraform -chdir=roots/a\nFLAGS = " + PLAN.format("${ACCOUNT}") + "\n"
        "init:\n\t@$(TF) init \\\n\t  -reconfigure " + INIT.format("${ACCOUNT}") + "\nplan:\n\t@$(TF) plan $(FLAGS)\n",
    ),
    "make, a stem and flags of each root": (
        "Makefile",
        "include lib/tf.mk\n",
        "lib/tf.mk",
        "a_FLAGS := " + PLAN.format("$(ENV)") + "\n%-plan:\n\tterraform -chdir=roots/$* plan $($*_FLAGS)\n"
        "%-init:\n\tterraform -chdir=roots/$* init " + INIT.format("$(ENV)") + "\n",
    ),
    "just": (
        "justfile",
        "plan env:\n    #!/usr/bin/env bash\n    cd roots/a/\n    terraform init " + INIT.format("{{env}}") + "\n"
        "    aws-vault exec $AWS_PROFILE -- terraform plan " + PLAN.format("{{ env }}") + "\n",
    ),
    "a script": (
        "bin/plan.sh",
        '#!/bin/bash\nset -e\nENVIRONMENT="$1"\ncd "$(dirname "$0")/../roots/a"\n'
        'tofu init "' + INIT.format("${ENVIRONMENT}") + '"\ntofu plan -var-file "../../values/${ENVIRONMENT}.data.tfvars"\n',
    ),
    "a loop": (
        "bin/plan.sh",
        "for env in uat live; do\n  (cd roots/a && terraform init " + INIT.format("$env") + " && terraform plan "
        + PLAN.format("$env") + ")\ndone\n",
    ),
    "a workflow with a matrix": (
        ".github/workflows/deploy.yml",
        workflow(
            "    strategy:\n      matrix:\n        environment: [uat, live]\n    defaults:\n      run:\n"
            "        working-directory: roots/a\n    steps:\n"
            "      - run: terraform init " + INIT.format("${{ matrix.environment }}") + "\n"
            "      - run: |\n          terraform plan -out=x \\\n            " + PLAN.format("${{ matrix.environment }}") + "\n"
        ),
    ),
    "a workflow with included runs": (
        ".github/workflows/deploy.yml",
        workflow(
            "    strategy:\n      matrix:\n        include:\n          - {dir: roots/a, env: uat}\n"
            "          - {dir: roots/a, env: live}\n    env:\n      TARGET: ${{ matrix.env }}\n    steps:\n"
            "      - working-directory: ${{ matrix.dir }}\n        run: |\n          terraform init "
            + INIT.format("$TARGET") + "\n          terraform plan " + PLAN.format("${TARGET}") + "\n"
        ),
    ),
    "an action": (
        ".github/workflows/deploy.yml",
        workflow(
            "    strategy:\n      matrix:\n        env: [uat, live]\n    steps:\n"
            "      - uses: dflook/terraform-plan@v1\n        with:\n          path: roots/a\n"
            "          var_file: ../../values/${{ matrix.env }}.data.tfvars\n"
            "          backend_config_file: ../../values/${{ matrix.env }}.s3\n"
        ),
    ),
    "GitLab": (
        ".gitlab-ci.yml",
        "plan:\n  parallel:\n    matrix:\n      - ENV: [uat, live]\n  script:\n    - cd roots/a\n    - terraform init "
        + INIT.format("${ENV}") + "\n    - terraform plan " + PLAN.format("$ENV") + "\n",
    ),
    "Task": (
        "Taskfile.yml",
        "tasks:\n  plan:\n    dir: roots/a\n    cmds:\n      - terraform init " + INIT.format("{{.ENV}}") + "\n"
        "      - terraform plan " + PLAN.format("{{ .ENV }}") + "\n",
    ),
    "Jenkins": (
        "Jenkinsfile",
        "stage('plan') {\n  steps {\n    sh \"terraform -chdir=roots/a init " + INIT.format("${params.ENV}") + '"\n'
        "    sh 'terraform -chdir=roots/a plan " + PLAN.format("${ENV}") + "'\n  }\n}\n",
    ),
    "npm": (
        "package.json",
        '{"scripts": {\n"init": "terraform -chdir=roots/a init ' + INIT.format("$ENV") + '",\n'
        '"plan": "terraform -chdir=roots/a plan ' + PLAN.format("$ENV") + '"\n}}\n',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_roots_are_run_as_commands_say(tmp_path: Path, name: str) -> None:
    said = dict(zip(TABLE[name][::2], TABLE[name][1::2], strict=True))
    build = built(tmp_path, FILES | said)
    found = shown(build)
    assert {
        workspace: (each["outputs"]["size"]["value"], each["state"].get("bucket")) for workspace, each in found.items()
    } == {"roots/a:live": (3, "live"), "roots/a:uat": (1, "uat")}
    file = list(said)[-1]
    assert messages(build) == [f"`{file}` says with which files `roots/a` in 2 environments is run"]


def test_literal_commands_choose_one_file_and_the_workspace(tmp_path: Path) -> None:
    script = "cd roots/a\nterraform workspace select blue || terraform workspace new blue\n" + "terraform apply "
    build = built(tmp_path, FILES | {"apply.sh": script + PLAN.format("live") + "\n"})
    (found,) = shown(build).values()
    assert found["outputs"]["workspace"]["value"] == "blue"
    assert found["outputs"]["size"]["value"] == 3


def test_a_variable_called_after_accounts_tells_the_account(tmp_path: Path) -> None:
    makefile = "plan:\n\tterraform -chdir=roots/a plan " + PLAN.format("$(ACCOUNT)") + "\n"
    found = shown(built(tmp_path, FILES | {"Makefile": makefile}))
    assert {each["account"] for each in found.values()} == {"live", "uat"}


def test_backend_files_alone_tell_environments(tmp_path: Path) -> None:
    files = {name: text for name, text in FILES.items() if not name.endswith(".tfvars")}
    script = "env:\n    cd roots/a && terraform init " + INIT.format("{{env}}") + "\n"
    found = shown(built(tmp_path, files | {"justfile": script.replace("env:", "env env:")}))
    assert {name: each["state"]["bucket"] for name, each in found.items()} == {
        "roots/a:live": "live",
        "roots/a:uat": "uat",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cd roots/a\nterraform plan -var-file=gone.tfvars\n", ["`roots/a` is run with the variable file `roots/a/gone.tfvars`, which is not in the tree"]),
        ("cd roots/a\naws s3 cp s3://b/k x.tfvars\nterraform plan -var-file=$F\n", ["variable files that commands bring from elsewhere are not in the tree: `x.tfvars`"]),
        ("echo terraform plan " + PLAN.format("live") + "\n# terraform plan -var-file=x.tfvars\n", []),
        ("cd /elsewhere\nterraform plan -var-file=/etc/passwd -var-file=../../../../../x.tfvars\n", []),
        ("terraform plan -var-file=" + "$(" * 2000 + "\n" + "${A}${A}" * 500 + "\nA=$A$A\n", []),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_and_nothing_is_guessed(tmp_path: Path, text: str, said: list[str]) -> None:
    build = built(tmp_path, {"roots/a/main.tf": ROOT, "plan.sh": text})
    assert list(build.platform.workspaces) == ["roots/a"]
    assert messages(build) == said


def test_commands_that_do_not_agree_are_said_and_none_is_taken(tmp_path: Path) -> None:
    one = "terraform -chdir=roots/a plan -var-file=x/live.tfvars\n"
    files = {"roots/a/x/live.tfvars": FILES["values/live.data.tfvars"], "roots/a/y/live.tfvars": "size = 4\n"}
    build = built(
        tmp_path, {"roots/a/main.tf": ROOT, **files, "one.sh": one, "two.sh": one.replace("x/live", "y/live")}
    )
    assert list(build.platform.workspaces) == ["roots/a"]
    assert any("do not agree" in message for message in messages(build))
