locals {
  buckets = {
    logs = { versioned = false, days = 30 }
    data = { versioned = true, days = null }
  }
}

resource "aws_s3_bucket" "b" {
  for_each = local.buckets
  bucket   = "acme-${each.key}"
}

resource "aws_s3_bucket_versioning" "v" {
  for_each = { for key, bucket in local.buckets : key => bucket if bucket.versioned }
  bucket   = aws_s3_bucket.b[each.key].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "p" {
  for_each                = aws_s3_bucket.b
  bucket                  = each.value.bucket
  block_public_acls       = true
  block_public_policy     = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "policy" {
  for_each = local.buckets
  bucket   = aws_s3_bucket.b[each.key].bucket
  policy   = data.aws_iam_policy_document.tls[each.key].json
}

data "aws_iam_policy_document" "tls" {
  for_each = local.buckets
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.b[each.key].arn, "${aws_s3_bucket.b[each.key].arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = [false]
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "l" {
  for_each = { for key, bucket in local.buckets : key => bucket.days if bucket.days != null }
  bucket   = aws_s3_bucket.b[each.key].id
  rule {
    id     = "expire"
    status = "Enabled"
    expiration {
      days = each.value
    }
    noncurrent_version_expiration {
      noncurrent_days = each.value * 2
    }
  }
}
