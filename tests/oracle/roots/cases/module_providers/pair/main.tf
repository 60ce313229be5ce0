terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.main, aws.other]
    }
  }
}

variable "name" {}

module "main" {
  source = "../topic"
  name   = "${var.name}-main"
  providers = {
    aws = aws.main
  }
}

module "other" {
  source = "../topic"
  name   = "${var.name}-other"
  providers = {
    aws = aws.other
  }
}

resource "aws_sqs_queue" "other" {
  provider = aws.other
  name     = var.name
}

output "regions" {
  value = [module.main.region, module.other.region]
}
