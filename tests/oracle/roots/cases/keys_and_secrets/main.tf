provider "aws" {
  region = "eu-west-1"
}

resource "aws_kms_key" "k" {
  description = "k"
  policy      = "{ \"Version\": \"2012-10-17\", \"Statement\": [ { \"Effect\": \"Allow\", \"Action\": \"kms:*\", \"Principal\": { \"AWS\": \"arn:aws:iam::123456789012:root\" }, \"Resource\": \"*\" } ] }"
}
resource "aws_secretsmanager_secret" "s" {
  name       = "s"
  kms_key_id = aws_kms_key.k.arn
}
resource "aws_secretsmanager_secret_version" "v" {
  secret_id     = aws_secretsmanager_secret.s.id
  secret_string = "x"
}
resource "aws_ssm_parameter" "p" {
  name  = "/a"
  type  = "SecureString"
  value = "x"
}
