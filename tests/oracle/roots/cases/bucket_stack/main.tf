provider "aws" {
  region = "eu-west-1"
}

resource "aws_s3_bucket" "b" {
  bucket        = "probe"
  force_destroy = true
}
resource "aws_s3_bucket_versioning" "v" {
  bucket = aws_s3_bucket.b.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_public_access_block" "p" {
  bucket              = aws_s3_bucket.b.id
  block_public_acls   = true
  block_public_policy = true
}
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:*", Resource = "${aws_s3_bucket.b.arn}/*" }] })
}
resource "aws_s3_bucket_logging" "l" {
  bucket        = aws_s3_bucket.b.bucket
  target_bucket = "logs"
  target_prefix = ""
}
output "arn" { value = { arn = aws_s3_bucket.b.arn, name = aws_s3_bucket.b.bucket } }
