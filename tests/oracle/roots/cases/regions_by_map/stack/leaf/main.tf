data "aws_region" "r" {}

output "region" {
  value = data.aws_region.r.name
}
