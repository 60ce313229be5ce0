data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  bucket = "artifacts-${data.aws_caller_identity.current.account_id}"
}

resource "aws_iam_role" "inline" {
  name = "inline"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = ""
      Effect    = "Allow"
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Principal = { Service = "ec2.${data.aws_partition.current.dns_suffix}" }
      Condition = { Bool = { "aws:MultiFactorAuthPresent" = true }, NumericLessThan = { "aws:MultiFactorAuthAge" = 3600 } }
    }]
  })
  max_session_duration = 7200
  path                 = "/service/"
}

resource "aws_iam_role_policy" "p" {
  name   = "p"
  role   = aws_iam_role.inline.name
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        { "Effect": "Allow", "Action": "s3:*", "Resource": "arn:${data.aws_partition.current.partition}:s3:::${local.bucket}/*" }
      ]
    }
  EOT
}

resource "aws_s3_bucket_policy" "b" {
  bucket = local.bucket
  policy = jsonencode({ Statement = [for a in ["Get", "Put"] : { Action = "s3:${a}Object", Effect = "Allow" }], Empty = {}, Null = null, List = [] })
}

resource "aws_iam_policy" "p" {
  name   = "escaped"
  policy = jsonencode({ Statement = [{ Resource = "a<b>&\u2028\"\\/é", Action = "*", Effect = "Deny" }] })
}
