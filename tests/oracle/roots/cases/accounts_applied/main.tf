provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "identity"
  region = "us-east-1"
  assume_role {
    role_arn = "arn:aws:iam::444444444444:role/deploy"
  }
  default_tags {
    tags = { Account = "identity" }
  }
}

module "reader" {
  source   = "./role"
  for_each = { audit = ["222222222222"], ops = ["222222222222", "333333333333"] }
  name     = each.key
  trusted  = each.value
  providers = {
    aws = aws.identity
  }
}

resource "aws_iam_user" "u" {
  provider = aws.identity
  name     = "ann"
}

resource "aws_iam_policy" "may" {
  provider = aws.identity
  name     = "may-assume"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = [for key, reader in module.reader : reader.arn] }]
  })
}

resource "aws_s3_bucket" "b" {
  bucket = "state-of-things"
  tags   = { Name = "state" }
}

resource "aws_s3_bucket_versioning" "v" {
  bucket = aws_s3_bucket.b.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_kms_key" "k" {
  description = "key"
}

resource "aws_kms_alias" "k" {
  name          = "alias/state"
  target_key_id = aws_kms_key.k.id
}

output "readers" {
  value = { for key, reader in module.reader : key => reader.arn }
}
