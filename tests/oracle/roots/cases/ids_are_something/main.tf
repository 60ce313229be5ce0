provider "aws" {
  region = "eu-west-1"
}

resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_sns_topic" "t" {
  name         = "t"
  display_name = "x"
}
output "known" { value = compact(["a", "", "b"]) }
output "count" { value = length(compact(["a", "", "b"])) }
output "vpc" { value = { id = aws_vpc.v.id, cidr = aws_vpc.v.cidr_block } }
