variable "name" {
  default = "overridden"
}

locals {
  size = 2
}

resource "aws_sqs_queue" "this" {
  delay_seconds = 10
}

resource "aws_security_group" "this" {
  ingress {
    from_port = 443
    to_port   = 443
    protocol  = "tcp"
  }
}
