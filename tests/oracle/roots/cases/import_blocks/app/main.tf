provider "aws" {
  region = "eu-west-1"
}

locals {
  groups = { a = "/app/a", b = "/app/b" }
  role   = "imported"
}

import {
  for_each = local.groups
  to       = aws_cloudwatch_log_group.imported[each.key]
  id       = each.value
}

import {
  to = aws_iam_role.imported
  id = local.role
}

import {
  to = module.tables["x"].aws_dynamodb_table.imported[0]
  id = "imported"
}

resource "aws_cloudwatch_log_group" "imported" {
  for_each          = local.groups
  name              = each.value
  retention_in_days = each.key == "a" ? 7 : 14
}

resource "aws_iam_role" "imported" {
  name               = local.role
  description        = "described since"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_sns_topic" "new" {
  name = "beside-${aws_cloudwatch_log_group.imported["a"].retention_in_days}"
}

module "tables" {
  source   = "./table"
  for_each = toset(["x"])
  name     = "imported"
}

output "groups" {
  value = { for key, group in aws_cloudwatch_log_group.imported : key => group.name }
}

output "table" {
  value = module.tables["x"].name
}
