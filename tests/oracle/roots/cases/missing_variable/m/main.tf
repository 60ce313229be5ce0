variable "needed" {}

resource "aws_sqs_queue" "q" {
  name = var.needed
}
