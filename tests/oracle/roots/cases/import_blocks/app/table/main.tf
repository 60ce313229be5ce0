variable "name" {
  type = string
}

resource "aws_dynamodb_table" "imported" {
  count        = 1
  name         = var.name
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "id"
    type = "S"
  }
}

output "name" {
  value = aws_dynamodb_table.imported[0].name
}
