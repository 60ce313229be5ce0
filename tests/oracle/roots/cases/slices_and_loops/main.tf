provider "aws" {
  region = "eu-west-1"
}
data "aws_availability_zones" "a" {}
locals {
  n = data.aws_availability_zones.a.names
  s = slice(local.n, 0, 2)
}
resource "terraform_data" "a" { count = length(slice(local.n, 0, 3)) }
resource "terraform_data" "b" { for_each = { for i, z in local.s : i => z } }
resource "terraform_data" "c" { count = length([for z in local.s : z]) }
resource "terraform_data" "d" { count = length(slice(local.n, 1, 3)) }
resource "terraform_data" "e" { count = min(2, length(slice(local.n, 0, 3))) }
resource "terraform_data" "f" { for_each = zipmap(["a", "b"], local.s) }
resource "terraform_data" "g" { for_each = toset([for i in range(length(local.s)) : tostring(i)]) }
resource "terraform_data" "h" { count = length(concat(local.s, ["x"])) }
resource "terraform_data" "i" { count = length(flatten([for z in local.s : [z, z]])) }
resource "terraform_data" "j" { count = length(reverse(local.s)) }
resource "terraform_data" "k" { count = length(chunklist(slice(local.n, 0, 3), 2)) }
resource "terraform_data" "l" { count = length(setproduct(["a", "b"], local.s)) }
resource "terraform_data" "m" { count = length(tolist(local.s)) }
resource "terraform_data" "n" { count = length(local.s[*]) }
resource "terraform_data" "o" { count = length({ for k, v in local.s : "${k}-x" => v }) }
resource "terraform_data" "p" { count = length(element([local.s], 0)) }
resource "terraform_data" "q" { for_each = { for k, v in local.s : format("s%d", k) => cidrsubnet("10.0.0.0/16", 8, k) } }
resource "aws_subnet" "s" {
  count      = length(local.s)
  vpc_id     = "vpc-1"
  cidr_block = cidrsubnet("10.0.0.0/16", 4, count.index)
}
output "ids" { value = [for s in aws_subnet.s : s.cidr_block] }
output "n" { value = length(keys(zipmap(["a", "b"], local.s))) }
output "formatlist" { value = length(formatlist("%s-x", local.s)) }
