variable "topic" {}

resource "aws_sqs_queue" "m" {
  name = "m-${var.topic}"
}

output "name" {
  value = aws_sqs_queue.m.name
}
