variable "token" {
  type      = string
  ephemeral = true
  default   = "t"
}

resource "aws_ssm_parameter" "p" {
  name             = "/p"
  type             = "SecureString"
  value_wo         = var.token
  value_wo_version = 1
}

resource "aws_secretsmanager_secret_version" "v" {
  secret_id                = "s"
  secret_string_wo         = "x-${var.token}"
  secret_string_wo_version = 2
}

output "version" {
  value = aws_ssm_parameter.p.value_wo_version
}
