locals {
  queues = {
    orders   = { delay = 5, fifo = false }
    payments = { delay = "10", fifo = true }
    "a b"    = { delay = 0, fifo = null }
  }
  nested = flatten([for team in ["x", "y"] : [for env in ["dev", "prod"] : { key = "${team}-${env}", team = team }]])
}

resource "aws_sqs_queue" "by_map" {
  for_each      = local.queues
  name          = each.value.fifo == true ? "${each.key}.fifo" : replace(each.key, " ", "-")
  delay_seconds = each.value.delay
  fifo_queue    = each.value.fifo
}

resource "aws_sqs_queue" "by_set" {
  for_each = toset(["b", "a", "c", "a"])
  name     = each.value
  tags     = { key = each.key }
}

resource "aws_sqs_queue" "nested" {
  for_each = { for item in local.nested : item.key => item if item.team != "z" }
  name     = each.key
  tags     = { Team = each.value.team }
}

resource "aws_sqs_queue" "chained" {
  for_each = aws_sqs_queue.by_set
  name     = "${each.value.name}-dlq"
}

resource "aws_sqs_queue" "none" {
  for_each = {}
  name     = each.key
}

output "keys" {
  value = keys(aws_sqs_queue.by_map)
}

output "names" {
  value = { for key, queue in aws_sqs_queue.nested : key => queue.name }
}

output "values" {
  value = values(aws_sqs_queue.chained)[*].name
}

output "none" {
  value = aws_sqs_queue.none
}

output "one" {
  value = aws_sqs_queue.by_map["a b"].delay_seconds
}
