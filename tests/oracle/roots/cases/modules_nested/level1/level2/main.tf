variable "prefix" {}

module "level3" {
  source = "../../shared"
  count  = 2
  name   = "${var.prefix}-${count.index}"
}

output "names" {
  value = module.level3[*].name
}

output "paths" {
  value = module.level3[*].path
}
