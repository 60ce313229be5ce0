module "queues" {
  source   = "./queue"
  for_each = toset(["a", "b"])
  name     = each.key
}

moved {
  from = aws_sqs_queue.a
  to   = module.queues["a"].aws_sqs_queue.this
}

moved {
  from = module.queue
  to   = module.queues["b"]
}

moved {
  from = aws_sns_topic.t
  to   = aws_sns_topic.t["x"]
}

resource "aws_sns_topic" "t" {
  for_each = toset(["x"])
  name     = each.key
}

removed {
  from = module.gone
  lifecycle {
    destroy = true
  }
}

output "names" {
  value = [for queue in module.queues : queue.name]
}
