provider "aws" {
  region = "eu-west-1"
}

resource "aws_route53_zone" "z" { name = "Example.ORG." }
resource "aws_route53_zone" "star" { name = "*.Example.org" }
resource "aws_route53_record" "r" {
  zone_id = "Z1"
  name    = "WWW.Example.ORG."
  type    = "A"
  ttl     = 60
  records = ["10.0.0.1"]
}
resource "aws_route53_record" "a" {
  zone_id = "Z1"
  name    = "*.Example.org"
  type    = "A"
  alias {
    name                   = "LB-1.Example.ORG."
    zone_id                = "Z2"
    evaluate_target_health = false
  }
}
resource "aws_route53_resolver_rule" "f" {
  domain_name = "Example.com."
  rule_type   = "SYSTEM"
}
output "name" { value = aws_route53_zone.z.name }
