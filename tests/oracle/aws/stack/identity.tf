# Identities, organization, keys and messages.

resource "aws_iam_role" "x" {
  name = "example"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = ["lambda.amazonaws.com", "eks.amazonaws.com", "iot.amazonaws.com"] }
    }]
  })
}

locals {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }]
  })
}

resource "aws_iam_user" "x" {
  name = "example"
}

resource "aws_iam_group" "x" {
  name = "example"
}

resource "aws_iam_policy" "x" {
  name   = "example"
  policy = local.policy
}

resource "aws_iam_group_membership" "x" {
  name  = "members"
  group = aws_iam_group.x.name
  users = [aws_iam_user.x.name]
}

resource "aws_iam_group_policy" "x" {
  name   = "inline"
  group  = aws_iam_group.x.name
  policy = local.policy
}

resource "aws_iam_user_policy" "x" {
  name   = "inline"
  user   = aws_iam_user.x.name
  policy = local.policy
}

resource "aws_iam_policy_attachment" "x" {
  name       = "attachment"
  users      = [aws_iam_user.x.name]
  policy_arn = aws_iam_policy.x.arn
}

resource "aws_organizations_organization" "x" {
  feature_set                   = "ALL"
  aws_service_access_principals = ["config.amazonaws.com"]
  enabled_policy_types          = ["SERVICE_CONTROL_POLICY"]
}

resource "aws_organizations_account" "x" {
  name  = "example"
  email = "a@example.com"
}

resource "aws_organizations_policy" "x" {
  name       = "example"
  content    = local.policy
  depends_on = [aws_organizations_organization.x]
}

resource "aws_organizations_policy_attachment" "x" {
  policy_id = aws_organizations_policy.x.id
  target_id = aws_organizations_account.x.id
}

resource "aws_organizations_delegated_administrator" "x" {
  account_id        = aws_organizations_account.x.id
  service_principal = "config.amazonaws.com"
}

resource "aws_kms_key" "x" {
  description = "example"
}

resource "aws_kms_alias" "x" {
  name          = "alias/example"
  target_key_id = aws_kms_key.x.key_id
}

resource "aws_sns_topic" "x" {
  name = "example"
}

resource "aws_sns_topic_policy" "x" {
  arn = aws_sns_topic.x.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sns:Publish"
      Principal = "*"
      Resource  = aws_sns_topic.x.arn
    }]
  })
}

resource "aws_sqs_queue" "x" {
  name = "example"
}

resource "aws_sqs_queue" "dead" {
  name = "dead"
}

resource "aws_sqs_queue_policy" "x" {
  queue_url = aws_sqs_queue.x.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:*", Principal = "*", Resource = aws_sqs_queue.x.arn }]
  })
}

resource "aws_sqs_queue_redrive_policy" "x" {
  queue_url      = aws_sqs_queue.x.id
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 4 })
}

resource "aws_sqs_queue_redrive_allow_policy" "x" {
  queue_url            = aws_sqs_queue.dead.id
  redrive_allow_policy = jsonencode({ redrivePermission = "byQueue", sourceQueueArns = [aws_sqs_queue.x.arn] })
}

resource "aws_ses_domain_identity" "x" {
  domain = "example.com"
}

resource "aws_ses_identity_notification_topic" "x" {
  identity          = aws_ses_domain_identity.x.domain
  notification_type = "Bounce"
  topic_arn         = aws_sns_topic.x.arn
}

resource "aws_ses_template" "x" {
  name    = "example"
  subject = "a"
  text    = "b"
}
