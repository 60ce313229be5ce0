resource "aws_sqs_queue" "q" {
  for_each = toset([{ name = "a" }, { name = "b" }])
  name     = each.value.name
}
