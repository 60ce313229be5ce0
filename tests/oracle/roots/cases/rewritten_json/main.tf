provider "aws" {
  region = "eu-west-1"
}

locals {
  policy = <<-EOT
    {
      "Statement": [ { "Sid": "a", "Effect": "Allow", "Action": "s3:*", "Resource": "*<" } ],
      "Version": "2012-10-17"
    }
  EOT
}
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = local.policy
}
resource "aws_iam_role_policy" "r" {
  name   = "r"
  role   = "x"
  policy = local.policy
}
resource "aws_sqs_queue" "q" {
  name           = "q"
  redrive_policy = "{ \"maxReceiveCount\": 3, \"deadLetterTargetArn\": \"arn:aws:sqs:eu-west-1:123456789012:d\" }"
}
resource "aws_cloudwatch_event_rule" "e" {
  name          = "e"
  event_pattern = "{ \"source\": [ \"aws.ec2\" ] }"
}
resource "aws_organizations_policy" "o" {
  name    = "o"
  content = "{ \"Version\": \"2012-10-17\", \"Statement\": [] }"
}
