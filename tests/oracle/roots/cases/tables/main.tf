provider "aws" {
  region = "eu-west-1"
}

resource "aws_dynamodb_table" "t" {
  name         = "t"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "id"
    type = "S"
  }
  ttl {
    attribute_name = "expires"
    enabled        = true
  }
}
resource "aws_dynamodb_table" "plain" {
  name           = "plain"
  hash_key       = "id"
  read_capacity  = 1
  write_capacity = 1
  table_class    = "STANDARD"
  attribute {
    name = "id"
    type = "S"
  }
}
