provider "aws" {
  region = "eu-west-1"
}

data "aws_s3_bucket" "b" {
  bucket = "logs"
}

data "aws_sns_topic" "t" {
  name = "t"
}

data "aws_sqs_queue" "q" {
  name = "q"
}

data "aws_dynamodb_table" "d" {
  name = "d"
}

data "aws_kms_alias" "k" {
  name = "alias/k"
}

data "aws_cloudwatch_log_group" "l" {
  name = "/l"
}

data "aws_ecr_repository" "r" {
  name = "a/r"
}

data "aws_ecs_cluster" "c" {
  cluster_name = "c"
}

data "aws_ssm_parameter" "p" {
  name = "/p"
}

data "aws_iam_role" "r" {
  name = "r"
}

data "aws_iam_user" "u" {
  user_name = "u"
}

data "aws_iam_group" "g" {
  group_name = "g"
}

output "bucket" {
  value = data.aws_s3_bucket.b.id
}
