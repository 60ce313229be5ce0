locals {
  yaml  = yamldecode(file("${path.module}/data/accounts.yaml"))
  json  = jsondecode(file("data/settings.json"))
  files = fileset(path.module, "data/*.{json,yaml}")
  csv   = csvdecode(file("${path.root}/data/users.csv"))
}

resource "aws_sns_topic" "account" {
  for_each     = { for account in local.yaml.accounts : account.name => account }
  name         = each.key
  display_name = each.value.email
  tags         = { Id = each.value.id, Nested = try(each.value.tags.team, "none") }
}

resource "aws_iam_policy" "rendered" {
  name   = "rendered"
  policy = templatefile("${path.module}/data/policy.json.tftpl", { buckets = local.json.buckets, effect = "Allow" })
}

resource "aws_ssm_parameter" "hash" {
  name  = "/hash"
  type  = "String"
  value = filesha256("data/settings.json")
}

resource "aws_iam_user" "u" {
  for_each = { for user in local.csv : user.name => user if user.admin == "true" }
  name     = each.key
}

output "files" {
  value = local.files
}

output "exists" {
  value = [fileexists("data/none"), fileexists("data/users.csv"), basename(path.module), filebase64("data/settings.json")]
}

output "yaml" {
  value = local.yaml
}

output "roundtrip" {
  value = yamlencode(local.json)
}
