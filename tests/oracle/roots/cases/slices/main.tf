provider "aws" {
  region = "eu-west-1"
}

data "aws_availability_zones" "a" { state = "available" }
locals { azs = slice(data.aws_availability_zones.a.names, 0, 3) }
resource "aws_subnet" "s" {
  count             = length(local.azs)
  vpc_id            = "vpc-1"
  cidr_block        = cidrsubnet("10.0.0.0/16", 4, count.index)
  availability_zone = local.azs[count.index]
}
output "blocks" { value = [for k, v in local.azs : cidrsubnet("10.0.0.0/16", 4, k)] }
output "names" { value = [for s in aws_subnet.s : s.cidr_block] }
