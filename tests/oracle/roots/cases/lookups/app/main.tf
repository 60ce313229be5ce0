provider "aws" {
  region = "eu-west-1"
}

data "aws_iam_role" "r" {
  name = "deploy"
}

data "aws_iam_role" "plain" {
  name = "plain"
}

data "aws_iam_user" "u" {
  user_name = "somebody"
}

data "aws_iam_group" "g" {
  group_name = "readers"
}

data "aws_iam_policy" "p" {
  name = "boundary"
}

data "aws_iam_policy" "managed" {
  arn = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
}

data "aws_iam_policy" "named" {
  name = "AdministratorAccess"
}

data "aws_iam_instance_profile" "i" {
  name = "nodes"
}

data "aws_iam_account_alias" "a" {}

data "aws_s3_bucket" "b" {
  bucket = "acme-artifacts"
}

data "aws_sns_topic" "t" {
  name = "alarms"
}

data "aws_sqs_queue" "q" {
  name = "jobs"
}

data "aws_ssm_parameter" "s" {
  name = "/a/b"
}

data "aws_ecr_repository" "e" {
  name = "app"
}

data "aws_secretsmanager_secret" "s" {
  name = "token"
}

data "aws_kms_alias" "k" {
  name = "alias/app"
}

data "aws_route53_zone" "public" {
  name = "example.com."
}

data "aws_vpc" "v" {
  tags = { Name = "main", Team = "platform" }
}

data "aws_subnet" "s" {
  filter {
    name   = "tag:Name"
    values = ["main-a"]
  }
}

data "aws_security_group" "g" {
  name = "web"
}

data "aws_dynamodb_table" "d" {
  name = "locks"
}

data "aws_cloudwatch_log_group" "l" {
  name = "/app"
}

data "aws_iam_session_context" "role" {
  arn = data.aws_iam_role.r.arn
}

resource "aws_sns_topic" "t" {
  name = "beside-${data.aws_iam_role.r.name}"
}

output "arns" {
  value = [data.aws_iam_role.r.arn, data.aws_sns_topic.t.arn, data.aws_ecr_repository.e.repository_url]
}
