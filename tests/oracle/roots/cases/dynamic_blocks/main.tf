variable "rules" {
  default = {
    http  = { port = 80, cidrs = ["0.0.0.0/0"] }
    https = { port = 443, cidrs = ["10.0.0.0/8", "192.168.0.0/16"] }
  }
}

resource "aws_security_group" "this" {
  name = "dynamic"
  dynamic "ingress" {
    for_each = var.rules
    content {
      description = ingress.key
      from_port   = ingress.value.port
      to_port     = ingress.value["port"]
      protocol    = "tcp"
      cidr_blocks = ingress.value.cidrs
    }
  }
  dynamic "egress" {
    for_each = toset([])
    content {
      from_port = 0
      to_port   = 0
      protocol  = "-1"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = "bucket"
  dynamic "rule" {
    for_each = ["logs", "tmp"]
    iterator = entry
    content {
      id     = "${entry.key}-${entry.value}"
      status = "Enabled"
      filter {
        prefix = "${entry.value}/"
      }
      dynamic "transition" {
        for_each = entry.value == "logs" ? { 30 = "STANDARD_IA", 90 = "GLACIER" } : {}
        content {
          days          = transition.key
          storage_class = transition.value
        }
      }
      dynamic "expiration" {
        for_each = entry.value == "tmp" ? [1] : []
        content {
          days = entry.key * 10
        }
      }
    }
  }
  rule {
    id     = "static"
    status = "Disabled"
    filter {}
    expiration {
      days = 365
    }
  }
}

resource "aws_autoscaling_group" "this" {
  name     = "asg"
  min_size = 1
  max_size = 2
  launch_template {
    id = "lt-1"
  }
  availability_zones = ["eu-west-1a"]
  dynamic "tag" {
    for_each = toset(["b", "a"])
    content {
      key                 = tag.value
      value               = upper(tag.key)
      propagate_at_launch = true
    }
  }
}
