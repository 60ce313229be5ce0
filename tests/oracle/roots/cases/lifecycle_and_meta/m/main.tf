data "aws_region" "r" {}

resource "aws_sns_topic" "m" {
  name = "m"
}

output "name" {
  value = aws_sns_topic.m.name
}
