provider "aws" {
  region = "eu-west-1"
}

resource "aws_lb" "network" {
  name                             = "network"
  load_balancer_type               = "network"
  internal                         = true
  enable_cross_zone_load_balancing = true
  subnet_mapping {
    subnet_id = "subnet-1"
  }
}
resource "aws_lb" "application" {
  name    = "application"
  subnets = ["subnet-1", "subnet-2"]
  access_logs {
    bucket  = "logs"
    prefix  = "lb"
    enabled = true
  }
}
resource "aws_lb_target_group" "t" {
  name     = "t"
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-1"
  health_check {
    path = "/health"
  }
}
