resource "aws_sqs_queue" "this" {
  delay_seconds = 20
}
