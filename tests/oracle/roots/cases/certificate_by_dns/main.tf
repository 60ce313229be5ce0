provider "aws" {
  region = "eu-west-1"
}

resource "aws_acm_certificate" "c" {
  domain_name               = "a.example.org"
  subject_alternative_names = ["b.example.org", "*.example.org"]
  validation_method         = "DNS"
}
resource "aws_route53_record" "v" {
  for_each = { for o in aws_acm_certificate.c.domain_validation_options : o.domain_name => o }
  zone_id  = "Z1"
  name     = each.value.resource_record_name
  type     = each.value.resource_record_type
  records  = [each.value.resource_record_value]
  ttl      = 60
}
resource "aws_acm_certificate_validation" "v" {
  certificate_arn         = aws_acm_certificate.c.arn
  validation_record_fqdns = [for r in aws_route53_record.v : r.fqdn]
}
output "names" { value = aws_acm_certificate.c.subject_alternative_names }
