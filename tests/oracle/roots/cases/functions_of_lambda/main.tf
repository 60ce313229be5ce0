provider "aws" {
  region = "eu-west-1"
}

resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  handler       = "a.b"
  runtime       = "python3.12"
  s3_bucket     = "b"
  s3_key        = "k"
  environment {
    variables = { A = "1" }
  }
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}
resource "aws_lambda_permission" "p" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f.function_name
  principal     = "s3.amazonaws.com"
}
resource "aws_lambda_event_source_mapping" "m" {
  function_name    = aws_lambda_function.f.arn
  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:q"
}
