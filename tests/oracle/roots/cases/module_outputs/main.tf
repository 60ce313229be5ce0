module "a" {
  source = "./a"
  values = { x = 1, y = 2 }
}

module "b" {
  source   = "./a"
  for_each = module.a.doubled
  values   = { (each.key) = each.value }
}

resource "aws_sns_topic" "t" {
  for_each = module.a.doubled
  name     = "${each.key}-${module.b[each.key].doubled[each.key]}"
  tags     = merge({ All = jsonencode(module.a.doubled) }, { for key, b in module.b : "b-${key}" => b.topic })
}

output "whole" {
  value = module.a
}

output "b" {
  value = { for key, b in module.b : key => b.doubled }
}

output "secret" {
  value     = module.a.secret
  sensitive = true
}
