provider "aws" {
  region = "eu-west-1"
}

resource "aws_vpc" "v" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
  tags                 = { Name = "v" }
}
resource "aws_subnet" "s" {
  for_each   = { a = 0, b = 1 }
  vpc_id     = aws_vpc.v.id
  cidr_block = cidrsubnet(aws_vpc.v.cidr_block, 8, each.value)
}
resource "aws_nat_gateway" "n" {
  subnet_id         = aws_subnet.s["a"].id
  connectivity_type = "private"
}
resource "aws_vpc_endpoint" "e" {
  vpc_id          = aws_vpc.v.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  route_table_ids = []
}
resource "aws_network_acl" "n" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol   = "tcp"
    rule_no    = 100
    action     = "allow"
    cidr_block = "10.0.0.0/8"
    from_port  = 443
    to_port    = 443
  }
}
