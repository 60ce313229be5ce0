provider "aws" {
  region = "eu-west-1"
}

resource "aws_api_gateway_rest_api" "r" {
  name = "r"
  body = jsonencode({ openapi = "3.0.1" })
}
resource "aws_apigatewayv2_api" "h" {
  name          = "h"
  protocol_type = "HTTP"
  cors_configuration {
    allow_origins = ["*"]
  }
}
resource "aws_apigatewayv2_stage" "s" {
  api_id      = aws_apigatewayv2_api.h.id
  name        = "$default"
  auto_deploy = true
}
