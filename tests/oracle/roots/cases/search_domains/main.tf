provider "aws" {
  region = "eu-west-1"
}

resource "aws_opensearch_domain" "d" {
  domain_name = "domain"
  cluster_config {
    instance_type            = "r6g.large.search"
    dedicated_master_enabled = true
    dedicated_master_count   = 3
    dedicated_master_type    = "m6g.large.search"
  }
  ebs_options {
    ebs_enabled = true
    volume_size = 10
  }
}
resource "aws_cloudwatch_log_group" "g" {
  name              = "/a"
  retention_in_days = 7
}
resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_name          = "a"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "m"
  namespace           = "n"
  period              = 60
  statistic           = "Average"
  threshold           = 1.5
}
