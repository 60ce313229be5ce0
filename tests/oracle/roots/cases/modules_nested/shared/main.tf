variable "name" {
  type = string
}

resource "aws_sns_topic" "this" {
  for_each     = toset(["in", "out"])
  name         = "${var.name}-${each.key}"
  display_name = file("${path.module}/name.txt")
}

output "name" {
  value = aws_sns_topic.this["in"].name
}

output "path" {
  value = path.module
}
