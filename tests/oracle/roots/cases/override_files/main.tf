variable "name" {
  type    = string
  default = "base"
}

locals {
  size = 1
  kept = "kept"
}

resource "aws_sqs_queue" "this" {
  name          = var.name
  delay_seconds = 5
  tags          = { Kept = local.kept, Size = local.size }
}

resource "aws_security_group" "this" {
  name = "sg"
  ingress {
    from_port = 80
    to_port   = 80
    protocol  = "tcp"
  }
  egress {
    from_port = 0
    to_port   = 0
    protocol  = "-1"
  }
}

output "size" {
  value = local.size
}
