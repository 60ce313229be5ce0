"""Writes a platform of many workspaces: `python benchmarks/write_platform.py DIRECTORY COUNT`.

Each workspace has a network, a role and a bucket, calls a shared module twice, and
reads the state of the one before it in its group of ten.
"""

from __future__ import annotations

import sys
from pathlib import Path

MODULE = """variable "name" {
  type = string
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_iam_role" "this" {
  name = var.name
  tags = merge(var.tags, { Name = var.name })
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

output "arn" {
  value = aws_iam_role.this.arn
}
"""

WORKSPACE = """terraform {{
  backend "s3" {{
    bucket = "acme-states"
    key    = "{name}/terraform.tfstate"
    region = "eu-west-1"
  }}
}}

provider "aws" {{
  region              = "eu-west-1"
  allowed_account_ids = ["{account:012d}"]
}}

locals {{
  tags = {{ workspace = "{name}", managed = "terraform" }}
}}

resource "aws_vpc" "main" {{
  cidr_block = cidrsubnet("10.0.0.0/8", 12, {number})
  tags       = local.tags
}}

resource "aws_subnet" "private" {{
  count      = 3
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 4, count.index)
}}

resource "aws_s3_bucket" "data" {{
  bucket = "acme-{name}-data"
  tags   = local.tags
}}

module "role" {{
  for_each = toset(["reader", "writer"])
  source   = "../../modules/role"
  name     = "{name}-${{each.key}}"
  tags     = local.tags
}}

output "bucket_arn" {{
  value = aws_s3_bucket.data.arn
}}

output "role_arns" {{
  value = {{ for key, role in module.role : key => role.arn }}
}}
"""

READ = """
data "terraform_remote_state" "before" {{
  backend = "s3"
  config = {{
    bucket = "acme-states"
    key    = "{before}/terraform.tfstate"
    region = "eu-west-1"
  }}
}}

resource "aws_iam_role_policy" "before" {{
  name = "before"
  role = "{name}-reader"
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = data.terraform_remote_state.before.outputs.bucket_arn
    }}]
  }})
}}
"""


def write(directory: Path, count: int) -> None:
    """Write the platform."""
    module = directory / "modules/role/main.tf"
    module.parent.mkdir(parents=True, exist_ok=True)
    module.write_text(MODULE, "utf-8")
    for number in range(count):
        name = f"w{number:04d}"
        text = WORKSPACE.format(name=name, number=number % 4096, account=100_000_000_000 + number // 10)
        if number % 10:
            text += READ.format(name=name, before=f"w{number - 1:04d}")
        file = directory / "workspaces" / name / "main.tf"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
