provider "aws" {
  region = "eu-west-1"
}

data "aws_organizations_organization" "o" {}

data "aws_organizations_organizational_units" "top" {
  parent_id = data.aws_organizations_organization.o.roots[0].id
}

data "aws_organizations_organizational_unit" "w" {
  name      = "workloads"
  parent_id = data.aws_organizations_organization.o.roots[0].id
}

data "aws_organizations_organizational_unit_child_accounts" "none" {
  parent_id = data.aws_organizations_organizational_unit.w.id
}

data "aws_organizations_organizational_unit_descendant_accounts" "all" {
  parent_id = data.aws_organizations_organizational_unit.w.id
}

output "names" {
  value = {
    accounts = sort(data.aws_organizations_organization.o.non_master_accounts[*].name)
    units    = data.aws_organizations_organizational_units.top.children[*].name
    none     = data.aws_organizations_organizational_unit_child_accounts.none.accounts
    live     = data.aws_organizations_organizational_unit_descendant_accounts.all.accounts[*].name
  }
}
