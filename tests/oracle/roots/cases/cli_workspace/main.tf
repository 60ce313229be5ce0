locals {
  sizes = { default = 1, prod = 3 }
}

resource "aws_sns_topic" "t" {
  count = local.sizes[terraform.workspace]
  name  = "${terraform.workspace}-${count.index}"
}

output "workspace" {
  value = terraform.workspace
}
