terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.backup]
    }
  }
}

data "aws_region" "main" {}

data "aws_region" "backup" {
  provider = aws.backup
}

module "leaf" {
  source = "./leaf"
}

resource "aws_sqs_queue" "b" {
  provider = aws.backup
  name     = data.aws_region.backup.name
}

output "all" {
  value = [data.aws_region.main.name, data.aws_region.backup.name, module.leaf.region]
}
