terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

locals {
  arn = provider::aws::arn_build("aws", "iam", "", "123456789012", "role/a/b/deploy")
}

resource "aws_sns_topic" "t" {
  name = provider::aws::arn_parse(local.arn).account_id
}

output "parsed" {
  value = provider::aws::arn_parse(local.arn)
}

output "trimmed" {
  value = provider::aws::trim_iam_role_path(local.arn)
}
