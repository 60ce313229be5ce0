data "aws_iam_policy_document" "base" {
  policy_id = "base"
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = ["arn:aws:s3:::b/*", "arn:aws:s3:::b"]
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::222222222222:root", "arn:aws:iam::111111111111:role/x"]
    }
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["abc"]
    }
    condition {
      test     = "StringLike"
      variable = "aws:PrincipalArn"
      values   = ["arn:aws:iam::*:role/b", "arn:aws:iam::*:role/a"]
    }
  }
  statement {
    effect      = "Deny"
    not_actions = ["sts:AssumeRole"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

data "aws_iam_policy_document" "merged" {
  source_policy_documents   = [data.aws_iam_policy_document.base.json]
  override_policy_documents = [data.aws_iam_policy_document.override.json]
  statement {
    sid           = "Own"
    not_resources = ["arn:aws:s3:::secret"]
    actions       = ["s3:DeleteObject"]
  }
}

data "aws_iam_policy_document" "override" {
  statement {
    sid       = "Read"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "dynamic" {
  dynamic "statement" {
    for_each = { a = ["x"], b = ["y", "z"] }
    content {
      sid       = statement.key
      actions   = ["sqs:SendMessage"]
      resources = [for name in statement.value : "arn:aws:sqs:*:*:${name}"]
    }
  }
  statement {
    actions   = ["sns:Publish"]
    resources = ["$${aws:username}", "&{aws:userid}"]
  }
}

resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  inline_policy {
    name   = "i"
    policy = data.aws_iam_policy_document.merged.json
  }
}

output "dynamic" {
  value = data.aws_iam_policy_document.dynamic.json
}

output "minified" {
  value = data.aws_iam_policy_document.merged.minified_json
}
