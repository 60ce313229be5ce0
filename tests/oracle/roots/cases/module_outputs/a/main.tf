variable "values" {
  type = map(number)
}

resource "aws_sns_topic" "t" {
  name = join("", keys(var.values))
}

output "doubled" {
  value = { for key, value in var.values : key => value * 2 }
}

output "topic" {
  value = aws_sns_topic.t.name
}

output "secret" {
  value = "open"
}
