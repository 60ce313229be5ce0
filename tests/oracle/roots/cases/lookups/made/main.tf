provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Team = "platform" }
  }
}

resource "aws_iam_role" "r" {
  name               = "deploy"
  path               = "/ci/"
  description        = "deploys"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}

resource "aws_iam_role" "plain" {
  name               = "plain"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}

resource "aws_iam_user" "u" {
  name = "somebody"
  path = "/people/"
}

resource "aws_iam_group" "g" {
  name = "readers"
}

resource "aws_iam_policy" "p" {
  name   = "boundary"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}

resource "aws_iam_instance_profile" "i" {
  name = "nodes"
  role = aws_iam_role.r.name
}

resource "aws_iam_account_alias" "a" {
  account_alias = "acme"
}

resource "aws_s3_bucket" "b" {
  bucket = "acme-artifacts"
}

resource "aws_sns_topic" "t" {
  name = "alarms"
}

resource "aws_sqs_queue" "q" {
  name = "jobs"
}

resource "aws_ssm_parameter" "s" {
  name  = "/a/b"
  type  = "String"
  value = "c"
}

resource "aws_ecr_repository" "e" {
  name = "app"
}

resource "aws_secretsmanager_secret" "s" {
  name        = "token"
  description = "a token"
}

resource "aws_kms_key" "k" {
  description = "key"
}

resource "aws_kms_alias" "k" {
  name          = "alias/app"
  target_key_id = aws_kms_key.k.key_id
}

resource "aws_route53_zone" "public" {
  name = "example.com"
}

resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "main" }
}

resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
  tags       = { Name = "main-a" }
}

resource "aws_security_group" "g" {
  name        = "web"
  description = "web"
  vpc_id      = aws_vpc.v.id
}

resource "aws_dynamodb_table" "d" {
  name         = "locks"
  hash_key     = "LockID"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "LockID"
    type = "S"
  }
}

resource "aws_cloudwatch_log_group" "l" {
  name              = "/app"
  retention_in_days = 7
}
