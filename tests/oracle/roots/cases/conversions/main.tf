resource "aws_sqs_queue" "q" {
  name                       = 5
  delay_seconds              = "7"
  fifo_queue                 = "false"
  visibility_timeout_seconds = null
  tags                       = { number = 1, bool = true, float = 1.50, big = 12345678901234567890, null = null, exp = 1e3 }
}

resource "aws_iam_user" "u" {
  name          = true
  force_destroy = "true"
  path          = null
}

resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  filename      = "${path.module}/f.zip"
  handler       = "index.handler"
  runtime       = "python3.12"
  timeout       = "30"
  memory_size   = 128 * 2
  environment {
    variables = { A = 1, B = false }
  }
  layers        = toset(["arn:aws:lambda:eu-west-1:123456789012:layer:l:1"])
  architectures = ["arm64"]
}

resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_name          = "a"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = "2"
  threshold           = "1.5"
  metric_name         = "m"
  namespace           = "n"
  period              = 60.0
  statistic           = "Sum"
  dimensions          = { Id = 7 }
}

output "sum" {
  value = "5" + 2.5
}

output "division" {
  value = [10 / 3, 10 % 3, -7 % 3, 0.1 + 0.2, 1 / 3 * 3]
}

output "text" {
  value = "${true} ${1.0} ${1e21} ${null == null}"
}
