terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Provider = "default" }
  }
}

provider "aws" {
  alias  = "us"
  region = "us-east-1"
  default_tags {
    tags = { Provider = "us" }
  }
}

module "inherits" {
  source = "./topic"
  name   = "inherits"
}

module "mapped" {
  source = "./topic"
  name   = "mapped"
  providers = {
    aws = aws.us
  }
}

module "pair" {
  source   = "./pair"
  for_each = toset(["x", "y"])
  name     = each.key
  providers = {
    aws.main  = aws
    aws.other = aws.us
  }
}

resource "aws_sns_topic" "us" {
  provider = aws.us
  name     = "us"
  tags     = { Provider = "own" }
}

output "regions" {
  value = {
    inherits = module.inherits.region
    mapped   = module.mapped.region
    pair     = { for key, pair in module.pair : key => pair.regions }
  }
}
