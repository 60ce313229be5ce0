provider "aws" {
  region = "eu-west-1"
}

resource "aws_s3_bucket" "b" {
  bucket = "logs"
}

resource "aws_sns_topic" "t" {
  name = "t"
}

resource "aws_sqs_queue" "q" {
  name = "q"
}

resource "aws_dynamodb_table" "d" {
  name         = "d"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_kms_key" "k" {}

resource "aws_kms_alias" "k" {
  name          = "alias/k"
  target_key_id = aws_kms_key.k.key_id
}

resource "aws_cloudwatch_log_group" "l" {
  name = "/l"
}

resource "aws_ecr_repository" "r" {
  name = "a/r"
}

resource "aws_ecs_cluster" "c" {
  name = "c"
}

resource "aws_ssm_parameter" "p" {
  name  = "/p"
  type  = "String"
  value = "x"
}

resource "aws_iam_role" "r" {
  name               = "r"
  path               = "/deep/"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_iam_user" "u" {
  name = "u"
}

resource "aws_iam_group" "g" {
  name = "g"
}
