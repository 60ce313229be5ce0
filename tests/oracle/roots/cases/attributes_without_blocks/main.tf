provider "aws" {
  region = "eu-west-1"
}

variable "routes" { default = {} }
resource "aws_route_table" "none" { vpc_id = "vpc-1" }
resource "aws_route_table" "empty" {
  vpc_id = "vpc-1"
  route  = []
}
resource "aws_route_table" "dynamic" {
  vpc_id = "vpc-1"
  dynamic "route" {
    for_each = var.routes
    content {
      cidr_block = route.key
      gateway_id = route.value
    }
  }
}
resource "aws_security_group" "g" {
  name = "g"
  dynamic "ingress" {
    for_each = var.routes
    content {
      from_port = 0
      to_port   = 0
      protocol  = "-1"
    }
  }
}
output "routes" { value = length(aws_route_table.empty.route) }
