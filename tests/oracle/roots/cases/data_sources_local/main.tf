data "aws_caller_identity" "c" {}
data "aws_region" "r" {}
data "aws_region" "named" {
  name = "us-east-1"
}
data "aws_partition" "p" {}
data "aws_arn" "a" {
  arn = "arn:aws:rds:eu-west-1:123456789012:db:mysql-db"
}
data "aws_service_principal" "s" {
  service_name = "lambda"
}
data "aws_service" "sqs" {
  service_id = "sqs"
}
data "aws_elb_service_account" "elb" {}
data "aws_cloudtrail_service_account" "trail" {}
data "aws_billing_service_account" "billing" {}
data "aws_iam_session_context" "session" {
  arn = "arn:aws:iam::123456789012:user/ann"
}
data "aws_ip_ranges" "none" {
  count    = 0
  services = ["ec2"]
}
data "aws_canonical_user_id" "none" {
  count = 0
}

resource "aws_sns_topic" "t" {
  name = "t-${data.aws_region.r.name}-${data.aws_caller_identity.c.account_id}"
  tags = {
    Partition = data.aws_partition.p.partition
    Suffix    = data.aws_partition.p.dns_suffix
    Resource  = data.aws_arn.a.resource
    Principal = data.aws_service_principal.s.name
    Named     = data.aws_region.named.description
    Elb       = data.aws_elb_service_account.elb.arn
  }
}

output "arn" {
  value = data.aws_arn.a
}

output "service" {
  value = data.aws_service.sqs
}

output "principal" {
  value = data.aws_service_principal.s
}
