variable "name" {
  type = string
}

variable "trusted" {
  type = list(string)
}

data "aws_caller_identity" "here" {}

resource "aws_iam_role" "this" {
  name = "${var.name}-reader"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = formatlist("arn:aws:iam::%s:root", concat(var.trusted, [data.aws_caller_identity.here.account_id])) }
    }]
  })
}

output "arn" {
  value = aws_iam_role.this.arn
}
