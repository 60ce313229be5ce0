resource "aws_security_group" "blocks" {
  name = "blocks"
  ingress {
    from_port   = 22
    to_port     = "22"
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    from_port = 0
    to_port   = 0
    protocol  = "-1"
    self      = true
  }
}

resource "aws_security_group" "attribute" {
  name = "attribute"
  ingress = [{
    description      = "x"
    from_port        = 22
    to_port          = 22
    protocol         = "tcp"
    cidr_blocks      = ["10.0.0.0/8"]
    ipv6_cidr_blocks = null
    prefix_list_ids  = null
    security_groups  = null
    self             = false
  }]
  egress = []
}

resource "aws_security_group" "neither" {
  description = "own description"
}

resource "aws_route_table" "this" {
  vpc_id = "vpc-1"
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = "igw-1"
  }
  route {
    ipv6_cidr_block = "::/0"
    gateway_id      = "igw-1"
  }
}

resource "aws_route_table" "empty" {
  vpc_id = "vpc-1"
  route  = []
}

resource "aws_default_network_acl" "this" {
  default_network_acl_id = "acl-1"
  ingress {
    protocol   = "-1"
    rule_no    = 100
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}
