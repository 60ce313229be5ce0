provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecs_task_definition" "t" {
  family = "t"
  container_definitions = jsonencode([
    { name        = "web", image = "nginx", essential = true, cpu = 10, memory = 128,
      environment = [{ value = "2", name = "B" }, { name = "A", value = "1" }],
      secrets     = [{ name = "Z", valueFrom = "z" }, { name = "Y", valueFrom = "y" }],
    portMappings = [{ hostPort = 80, containerPort = 80 }] },
    { name = "agent", image = "agent", command = ["a", "<b>"] },
  ])
}
