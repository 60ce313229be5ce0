provider "aws" {
  region = "eu-west-1"
}

resource "aws_organizations_organization" "this" {
  feature_set          = "ALL"
  enabled_policy_types = ["SERVICE_CONTROL_POLICY"]
}

resource "aws_iam_organizations_features" "this" {
  enabled_features = ["RootCredentialsManagement"]
}

resource "aws_organizations_account" "all" {
  for_each = toset(["id", "infra", "prod", "sandbox"])

  name  = each.key
  email = "aws+${each.key}@example.com"
}

resource "aws_iam_user" "admin" { # expect: AC01, AL101, AL701
  name = "alice"
}

output "account_ids" {
  value = { for name, account in aws_organizations_account.all : name => account.id }
}
