provider "aws" {
  region = "eu-west-1"
}

ephemeral "aws_ssm_parameter" "p" {
  arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/secret"
}

module "child" {
  source = "./child"
  token  = ephemeral.aws_ssm_parameter.p.value
}

resource "aws_ssm_parameter" "copy" {
  name             = "/copy"
  type             = "SecureString"
  value_wo         = module.child.token
  value_wo_version = 3
}

output "version" {
  value = aws_ssm_parameter.copy.value_wo_version
}
