variable "name" {}

data "aws_region" "current" {}

resource "aws_sns_topic" "this" {
  name = "${var.name}-${data.aws_region.current.name}"
  tags = { Name = var.name }
}

output "region" {
  value = data.aws_region.current.name
}
