provider "aws" {
  region = "eu-west-1"
}

resource "aws_security_group_rule" "r" {
  for_each          = { number = "6", word = "UDP", all = "all", ping = "icmp", six = "58" }
  type              = "ingress"
  from_port         = 443
  to_port           = 443
  protocol          = each.value
  cidr_blocks       = ["10.0.0.0/8"]
  security_group_id = "sg-1"
}
resource "aws_security_group" "g" {
  name = "g"
  ingress {
    from_port   = 0
    to_port     = 0
    protocol    = "all"
    cidr_blocks = ["10.0.0.0/8"]
  }
  egress {
    from_port   = 53
    to_port     = 53
    protocol    = "17"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_vpc_security_group_ingress_rule" "n" {
  security_group_id = "sg-1"
  ip_protocol       = "6"
  from_port         = 1
  to_port           = 2
  cidr_ipv4         = "10.0.0.0/8"
}
