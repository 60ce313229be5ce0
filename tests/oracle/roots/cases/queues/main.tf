provider "aws" {
  region = "eu-west-1"
}

resource "aws_sqs_queue" "managed" {
  name                    = "managed"
  sqs_managed_sse_enabled = true
}
resource "aws_sqs_queue" "unmanaged" {
  name                    = "unmanaged"
  sqs_managed_sse_enabled = false
}
resource "aws_sqs_queue" "key" {
  name              = "key"
  kms_master_key_id = "alias/x"
}
resource "aws_sqs_queue" "fifo" {
  name       = "a.fifo"
  fifo_queue = true
}
