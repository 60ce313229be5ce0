provider "aws" {
  region = "eu-west-1"
}

resource "aws_cloudwatch_log_group" "g" {
  for_each          = toset(["a", "b"])
  name              = "/app/${each.key}"
  retention_in_days = 7
}

resource "aws_iam_role" "r" {
  name               = "imported"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_dynamodb_table" "t" {
  name         = "imported"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "id"
    type = "S"
  }
}
