resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = cidrsubnet(aws_vpc.v.cidr_block, 4, 2)
  tags       = { Vpc = aws_vpc.v.id, Known = "yes" }
}

resource "aws_security_group" "g" {
  name   = "g"
  vpc_id = aws_vpc.v.id
  ingress {
    from_port       = 1
    to_port         = 1
    protocol        = "tcp"
    security_groups = [aws_security_group.other.id]
  }
  ingress {
    from_port   = 2
    to_port     = 2
    protocol    = "tcp"
    cidr_blocks = [aws_vpc.v.cidr_block]
  }
}

resource "aws_security_group" "other" {
  name_prefix = "other-"
  vpc_id      = aws_subnet.s.vpc_id
}

resource "aws_kms_key" "k" {}

resource "aws_kms_alias" "a" {
  name          = "alias/a"
  target_key_id = aws_kms_key.k.key_id
}

resource "aws_s3_bucket" "b" {
  bucket = "b-${aws_kms_key.k.id}"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "e" {
  bucket = aws_s3_bucket.b.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.k.arn
    }
  }
}

output "partly" {
  value = { id = aws_vpc.v.id, cidr = aws_vpc.v.cidr_block }
}

output "conditional" {
  value = aws_vpc.v.id == "x" ? "a" : "b"
}

output "prefix" {
  value = startswith("sg-${aws_security_group.other.id}", "sg-")
}
