provider "aws" {
  region = "eu-west-1"
}

resource "aws_s3_bucket" "plain" { bucket = "probe-plain" }
resource "aws_s3_bucket" "versioned" {
  bucket = "probe-versioned"
  versioning {
    enabled = true
  }
}
output "encrypted" { value = length(aws_s3_bucket.plain.server_side_encryption_configuration) > 0 }
output "versioned" { value = aws_s3_bucket.versioned.versioning[0].enabled }
