provider "aws" {
  region = "eu-west-1"
}

resource "aws_organizations_organization" "o" {
  feature_set          = "ALL"
  enabled_policy_types = ["SERVICE_CONTROL_POLICY"]
}

resource "aws_organizations_organizational_unit" "workloads" {
  name      = "workloads"
  parent_id = aws_organizations_organization.o.roots[0].id
}

resource "aws_organizations_organizational_unit" "live" {
  name      = "live"
  parent_id = aws_organizations_organizational_unit.workloads.id
}

resource "aws_organizations_account" "a" {
  name      = "identity"
  email     = "identity@example.com"
  parent_id = aws_organizations_organization.o.roots[0].id
}

resource "aws_organizations_account" "b" {
  name       = "production"
  email      = "production@example.com"
  parent_id  = aws_organizations_organizational_unit.live.id
  depends_on = [aws_organizations_account.a]
}
