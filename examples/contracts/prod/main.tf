provider "aws" {
  region = "eu-west-1"
}

resource "aws_s3_account_public_access_block" "this" { # ok: AC06
  block_public_policy = true
}

resource "aws_s3_bucket" "archive" {
  bucket = "acme-prod-archive" # ok: AC07
}

resource "aws_s3_bucket" "images" {
  bucket = "images" # expect: AC07
}

resource "aws_iam_role" "archivist" {
  name               = "archivist"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy" "archivist" {
  role   = aws_iam_role.archivist.name
  policy = data.aws_iam_policy_document.archive.json
}

resource "aws_iam_role" "website" {
  name               = "website"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy" "website" {
  role   = aws_iam_role.website.name
  policy = data.aws_iam_policy_document.everything.json
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "archive" {
  statement { # ok: AC08
    actions   = ["s3:PutObject", "s3:DeleteObject"]
    resources = ["${aws_s3_bucket.archive.arn}/*"]
  }
}

data "aws_iam_policy_document" "everything" {
  statement { # expect: AC08
    actions   = ["s3:*"]
    resources = ["*"]
  }
}

resource "aws_iam_role" "import" {
  name               = "import"
  assume_role_policy = data.aws_iam_policy_document.sandbox.json
}

data "aws_iam_policy_document" "sandbox" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${var.sandbox_account_id}:root"] # expect: AC02, AL122, AL804
    }
  }
}

variable "sandbox_account_id" {
  type    = string
  default = "210000000015"
}
