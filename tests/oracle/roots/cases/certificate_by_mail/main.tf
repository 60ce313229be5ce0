provider "aws" {
  region = "eu-west-1"
}

resource "aws_acm_certificate" "mail" {
  domain_name               = "a.example.org"
  subject_alternative_names = ["b.example.org"]
  validation_method         = "EMAIL"
}
resource "aws_acm_certificate" "alone" {
  domain_name       = "example.org"
  validation_method = "DNS"
}
resource "aws_acm_certificate" "private" {
  domain_name               = "c.example.org"
  certificate_authority_arn = "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/x"
}
