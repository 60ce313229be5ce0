resource "aws_iam_group_membership" "this" {
  name  = "m"
  group = "g"
  users = ["zoe", "adam", "Bob", "adam", "ünal", "_x", "10", "9"]
}

resource "aws_security_group_rule" "r" {
  type              = "ingress"
  from_port         = 1
  to_port           = 2
  protocol          = "tcp"
  security_group_id = "sg-1"
  cidr_blocks       = ["192.168.0.0/16", "10.0.0.0/8"]
}

resource "aws_network_acl" "n" {
  vpc_id     = "vpc-1"
  subnet_ids = ["subnet-2", "subnet-1"]
  ingress {
    protocol   = "tcp"
    rule_no    = 200
    action     = "allow"
    cidr_block = "10.0.0.0/8"
    from_port  = 80
    to_port    = 80
  }
  ingress {
    protocol   = "tcp"
    rule_no    = 100
    action     = "deny"
    cidr_block = "0.0.0.0/0"
    from_port  = 443
    to_port    = 443
  }
}

output "numbers" {
  value = toset([10, 9, 1, 2.5])
}

output "bools" {
  value = toset([true, false])
}

output "objects" {
  value = toset([{ a = 2, b = "x" }, { a = 1, b = "y" }, { a = 1, b = "x" }])
}

output "lists" {
  value = toset([["b", "a"], ["a", "b"], []])
}

output "operations" {
  value = [setunion(["b"], ["a"]), setintersection(["a", "b"], ["b"]), setsubtract(["a", "b"], ["b"])]
}
