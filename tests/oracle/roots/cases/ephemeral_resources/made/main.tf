provider "aws" {
  region = "eu-west-1"
}

resource "aws_ssm_parameter" "p" {
  name  = "/secret"
  type  = "SecureString"
  value = "s"
}
