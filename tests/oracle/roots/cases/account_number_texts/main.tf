provider "aws" {
  region = "eu-west-1"
}
data "aws_caller_identity" "me" {}
data "aws_region" "r" {}
data "aws_partition" "p" {}
locals { id = data.aws_caller_identity.me.account_id }
resource "terraform_data" "a" { count = length(local.id) > 0 ? 1 : 0 }
resource "terraform_data" "b" { count = local.id == null ? 0 : 1 }
resource "terraform_data" "c" { count = can(regex("^[0-9]{12}$", local.id)) ? 1 : 0 }
resource "terraform_data" "d" { count = length(local.id) == 12 ? 1 : 0 }
resource "terraform_data" "e" { count = local.id != "abc" ? 1 : 0 }
resource "terraform_data" "f" { count = "${local.id}" != "" ? 1 : 0 }
resource "terraform_data" "g" { count = coalesce(local.id, "x") != "x" ? 1 : 0 }
resource "terraform_data" "h" { count = length(compact([local.id, ""])) }
resource "terraform_data" "i" { for_each = toset([for x in ["x"] : x if local.id != ""]) }
resource "terraform_data" "j" { count = trimspace(local.id) != "" ? 1 : 0 }
resource "terraform_data" "k" { count = contains(["", null], local.id) ? 1 : 0 }
resource "terraform_data" "l" { count = startswith(local.id, "a") ? 1 : 0 }
resource "terraform_data" "m" { count = local.id == "" ? 0 : data.aws_region.r.name != "" ? 2 : 1 }
resource "terraform_data" "n" { count = data.aws_caller_identity.me.arn != "" ? 1 : 0 }
resource "terraform_data" "o" { count = try(length(local.id), 0) > 0 ? 1 : 0 }
resource "terraform_data" "p" { count = !(local.id == "") && local.id != null ? 1 : 0 }
resource "terraform_data" "r" { count = upper(local.id) == "ABCDEFABCDEF" ? 1 : 0 }
resource "terraform_data" "s" { count = local.id == "12345" ? 1 : 0 }
resource "terraform_data" "t" { count = substr(local.id, 0, 1) == "x" ? 1 : 0 }
resource "terraform_data" "u" { count = signum(length(local.id)) }
resource "terraform_data" "v" { count = format("%s-x", local.id) == "" ? 0 : 1 }
resource "terraform_data" "w" { count = tonumber(local.id) > 0 ? 1 : 0 }
