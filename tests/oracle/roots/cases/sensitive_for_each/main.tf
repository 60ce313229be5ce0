variable "names" {
  type      = set(string)
  default   = ["a"]
  sensitive = true
}

resource "aws_sqs_queue" "q" {
  for_each = var.names
  name     = each.value
}
