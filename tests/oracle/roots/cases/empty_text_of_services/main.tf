provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = ""
  task_definition = "t:1"
  desired_count   = 1
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  handler       = "a.b"
  runtime       = "python3.12"
  s3_bucket     = "b"
  s3_key        = "k"
  description   = ""
  kms_key_arn   = ""
  layers        = []
}
resource "aws_iam_role" "r" {
  name               = "r"
  description        = ""
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}
