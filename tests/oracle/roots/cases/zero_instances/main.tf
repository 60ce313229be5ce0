variable "create" {
  default = false
}

resource "aws_sns_topic" "t" {
  count = var.create ? 1 : 0
  name  = "t"
}

module "m" {
  source = "./m"
  count  = var.create ? 1 : 0
  topic  = aws_sns_topic.t[0].arn
}

resource "aws_sqs_queue" "q" {
  for_each = var.create ? { a = 1 } : {}
  name     = each.key
}

output "topic" {
  value = try(aws_sns_topic.t[0].arn, "")
}

output "joined" {
  value = join("", aws_sns_topic.t.*.name)
}

output "module" {
  value = module.m
}

output "attributes" {
  value = module.m[*].name
}

output "map" {
  value = { for key, queue in aws_sqs_queue.q : key => queue.name }
}
