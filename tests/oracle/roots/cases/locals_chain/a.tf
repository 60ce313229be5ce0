locals {
  third  = merge(local.second, { c = local.numbers[2] * 2 })
  first  = { a = 1 }
  name   = lower(join("-", compact([local.prefix, "", local.suffix])))
  lookup = lookup(local.table, local.name, "none")
}
