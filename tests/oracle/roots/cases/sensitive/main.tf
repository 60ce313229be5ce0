variable "password" {
  type      = string
  sensitive = true
  default   = "hunter2"
}

locals {
  derived = "prefix-${var.password}"
  object  = { secret = var.password, open = "x" }
}

resource "aws_ssm_parameter" "secret" {
  name  = "/secret"
  type  = "SecureString"
  value = local.derived
}

resource "aws_sns_topic" "t" {
  name         = "topic"
  display_name = nonsensitive(substr(var.password, 0, 3))
  tags         = { Open = local.object.open, Length = nonsensitive(length(local.derived)) }
}

resource "aws_db_instance" "db" {
  instance_class      = "db.t3.micro"
  engine              = "postgres"
  allocated_storage   = 20
  username            = "admin"
  password            = var.password
  skip_final_snapshot = true
}

output "secret" {
  value     = local.object
  sensitive = true
}

output "open" {
  value = nonsensitive(local.object.open)
}
