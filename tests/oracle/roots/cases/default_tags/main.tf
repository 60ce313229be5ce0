locals {
  common = { Team = "platform", Cost = "42" }
}

provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = merge(local.common, { Environment = terraform.workspace })
  }
}

resource "aws_sns_topic" "own" {
  name = "own"
  tags = { Team = "own", Name = "own" }
}

resource "aws_sns_topic" "none" {
  name = "none"
}

resource "aws_sns_topic" "empty" {
  name = "empty"
  tags = {}
}

resource "aws_iam_role" "role" {
  name               = "tagged"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
  tags               = { Name = aws_sns_topic.own.name }
}

data "aws_default_tags" "here" {}

output "tags" {
  value = data.aws_default_tags.here.tags
}

output "all" {
  value = aws_sns_topic.own.tags_all
}
