variable "enabled" {
  default = true
}

variable "names" {
  default = ["red", "green", "blue"]
}

resource "aws_sns_topic" "listed" {
  count        = length(var.names)
  name         = "${count.index}-${var.names[count.index]}"
  display_name = upper(element(var.names, count.index + 1))
}

resource "aws_sns_topic" "conditional" {
  count = var.enabled ? 1 : 0
  name  = "on"
}

resource "aws_sns_topic" "absent" {
  count = !var.enabled ? 1 : 0
  name  = "off"
}

resource "aws_sns_topic" "text" {
  count = "2"
  name  = format("t%03d", count.index)
}

output "names" {
  value = aws_sns_topic.listed[*].name
}

output "legacy" {
  value = aws_sns_topic.listed.*.display_name
}

output "absent" {
  value = length(aws_sns_topic.absent)
}

output "one" {
  value = one(aws_sns_topic.absent[*].name)
}

output "joined" {
  value = join(",", concat(aws_sns_topic.conditional[*].name, aws_sns_topic.absent[*].name))
}

output "second" {
  value = aws_sns_topic.listed[1].name
}
