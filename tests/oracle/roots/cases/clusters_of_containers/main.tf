provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "c"
  task_definition = "t:1"
  desired_count   = 2
  launch_type     = "FARGATE"
  network_configuration {
    subnets         = ["subnet-1"]
    security_groups = []
  }
  load_balancer {
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/t/0123456789abcdef"
    container_name   = "web"
    container_port   = 80
  }
}
resource "aws_ecs_cluster" "c" {
  name = "c"
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}
resource "aws_ecr_repository" "r" {
  name = "r"
  image_scanning_configuration {
    scan_on_push = true
  }
}
