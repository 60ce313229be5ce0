variable "optional" {
  default = null
}

resource "aws_sqs_queue" "q" {
  name              = "q"
  kms_master_key_id = var.optional
  delay_seconds     = var.optional
  policy            = var.optional == null ? null : jsonencode({})
  tags              = var.optional
}

resource "aws_iam_role" "r" {
  name                 = "r"
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [] })
  permissions_boundary = ""
  description          = ""
  managed_policy_arns  = []
  tags                 = { a = null, b = "" }
}

resource "aws_s3_bucket" "b" {
  bucket        = null
  bucket_prefix = "pre-"
  force_destroy = null
}

resource "aws_lb" "l" {
  name            = "l"
  internal        = false
  subnets         = ["subnet-1", "subnet-2"]
  security_groups = null
  access_logs {
    bucket  = "b"
    enabled = true
  }
}
