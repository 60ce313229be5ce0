variable "accounts" {
  type    = map(string)
  default = { staging = "222222222222", production = "333333333333" }
}

provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias  = "staging"
  region = "eu-west-1"
  assume_role {
    role_arn     = "arn:aws:iam::${var.accounts.staging}:role/deploy"
    session_name = "terraform"
  }
}

provider "aws" {
  alias  = "production"
  region = "us-east-1"
  assume_role {
    role_arn = format("arn:aws:iam::%s:role/%s", var.accounts["production"], "deploy")
  }
}

data "aws_caller_identity" "default" {}

data "aws_caller_identity" "staging" {
  provider = aws.staging
}

data "aws_region" "staging" {
  provider = aws.staging
}

data "aws_caller_identity" "production" {
  provider = aws.production
}

data "aws_region" "production" {
  provider = aws.production
}

resource "aws_iam_role" "staging" {
  provider = aws.staging
  name     = "reader-${data.aws_caller_identity.staging.account_id}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.production.account_id}:root" }
    }]
  })
}

resource "aws_sns_topic" "production" {
  provider = aws.production
  name     = "alerts-${data.aws_region.production.name}"
}

output "accounts" {
  value = {
    default    = data.aws_caller_identity.default.account_id
    staging    = data.aws_caller_identity.staging.account_id
    production = data.aws_caller_identity.production.account_id
  }
}

output "regions" {
  value = [data.aws_region.staging.name, data.aws_region.production.id]
}
