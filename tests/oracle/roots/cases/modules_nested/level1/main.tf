variable "prefix" {
  type = string
}

module "level2" {
  source   = "./level2"
  for_each = toset(["a", "b"])
  prefix   = "${var.prefix}-${each.key}"
}

resource "aws_sns_topic" "here" {
  name = "${var.prefix}-1"
}

output "deep" {
  value = { for key, level in module.level2 : key => level.names }
}

output "paths" {
  value = concat([path.module, path.root], flatten([for level in module.level2 : level.paths]))
}
