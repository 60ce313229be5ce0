data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "r" {
  name               = "task"
  path               = "/app/"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_policy" "p" {
  name = "task"
  path = "/app/"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = aws_sqs_queue.q.arn }]
  })
}

resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = aws_iam_policy.p.arn
}

resource "aws_iam_role_policy_attachment" "managed" {
  for_each   = toset(["ReadOnlyAccess", "PowerUserAccess"])
  role       = aws_iam_role.r.id
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}

resource "aws_iam_instance_profile" "i" {
  name = "task"
  role = aws_iam_role.r.name
}

resource "aws_iam_user" "u" {
  name = "ann"
  path = "/people/"
}

resource "aws_iam_group" "g" {
  name = "admins"
}

resource "aws_iam_user_group_membership" "m" {
  user   = aws_iam_user.u.name
  groups = [aws_iam_group.g.name]
}

resource "aws_iam_group_policy_attachment" "gp" {
  group      = aws_iam_group.g.name
  policy_arn = aws_iam_policy.p.arn
}

resource "aws_iam_openid_connect_provider" "gh" {
  url             = "https://token.actions.githubusercontent.com"
  client_id_list  = ["sts.amazonaws.com"]
  thumbprint_list = ["6938fd4d98bab03faadb97b34396831e3780aea1"]
}

resource "aws_sqs_queue" "q" {
  name = "jobs"
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dlq.arn
    maxReceiveCount     = 4
  })
}

resource "aws_sqs_queue" "dlq" {
  name = "jobs-dlq"
}

resource "aws_sns_topic" "t" {
  name = "alerts"
}

resource "aws_sns_topic_subscription" "s" {
  topic_arn = aws_sns_topic.t.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.q.arn
}

resource "aws_cloudwatch_log_group" "l" {
  name              = "/app/task"
  retention_in_days = 30
}

resource "aws_dynamodb_table" "d" {
  name         = "locks"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "LockID"
  attribute {
    name = "LockID"
    type = "S"
  }
}

resource "aws_ssm_parameter" "s" {
  name  = "/app/queue"
  type  = "String"
  value = aws_sqs_queue.q.url
}

output "arns" {
  value = [aws_iam_role.r.arn, aws_iam_policy.p.arn, aws_sqs_queue.q.arn, aws_sns_topic.t.arn, aws_iam_openid_connect_provider.gh.arn]
}
