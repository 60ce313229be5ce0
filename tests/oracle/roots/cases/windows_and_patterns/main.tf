provider "aws" {
  region = "eu-west-1"
}
resource "aws_db_instance" "d" {
  identifier          = "d"
  engine              = "MySQL"
  instance_class      = "db.t3.micro"
  username            = "u"
  password            = "password"
  allocated_storage   = 5
  skip_final_snapshot = true
  maintenance_window  = "Mon:05:00-Mon:06:00"
}
resource "aws_rds_cluster" "c" {
  cluster_identifier           = "c"
  engine                       = "aurora-mysql"
  master_username              = "u"
  master_password              = "password"
  storage_type                 = ""
  preferred_maintenance_window = "Tue:05:00-Tue:06:00"
}
resource "aws_cloudwatch_event_rule" "numbers" {
  name          = "numbers"
  event_pattern = jsonencode({ source = ["aws.ec2"], detail = { size = [{ numeric = [">", 0, "<=", 5] }] } })
}
resource "aws_cloudwatch_event_rule" "written" {
  name          = "written"
  event_pattern = "{ \"source\": [ \"aws.ec2\" ],\n \"account\": [] }"
}
resource "aws_dynamodb_table" "t" {
  name         = "t"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  table_class  = "STANDARD"
  attribute {
    name = "id"
    type = "S"
  }
}
resource "aws_apigatewayv2_integration" "i" {
  api_id               = "a"
  integration_type     = "HTTP_PROXY"
  integration_uri      = "https://example.org"
  integration_method   = "GET"
  passthrough_behavior = "WHEN_NO_MATCH"
}
