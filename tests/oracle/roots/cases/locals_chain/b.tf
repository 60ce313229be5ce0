locals {
  second  = merge(local.first, { b = "two" })
  numbers = [for i in range(1, 10, 3) : i * i]
  prefix  = "Hello"
  suffix  = try(local.third.missing, coalesce(null, "", "World"))
  table   = { "hello-world" = "found" }
}

resource "aws_sns_topic" "t" {
  name         = local.name
  display_name = local.lookup
  tags         = local.third
}

output "third" {
  value = local.third
}

output "group" {
  value = { for s in ["apple", "avocado", "banana"] : substr(s, 0, 1) => s... }
}

output "conditional" {
  value = local.numbers[0] == 1 ? tolist(["a"]) : tolist([])
}

output "zip" {
  value = zipmap(["a", "b"], local.numbers[*] == [] ? [1, 2] : [3, 4])
}
