provider "aws" {
  region = "eu-west-1"
}

resource "aws_sqs_queue" "q" {
  name = "q"
  tags = {}
}
resource "aws_lb" "l" {
  name            = "l"
  subnets         = ["subnet-1"]
  security_groups = []
  tags            = {}
}
resource "aws_autoscaling_group" "a" {
  name                 = "a"
  max_size             = 1
  min_size             = 0
  launch_configuration = "lc"
  availability_zones   = ["eu-west-1a"]
  load_balancers       = []
  termination_policies = []
  suspended_processes  = []
}
resource "aws_iam_user" "u" {
  name = "u"
  tags = {}
}
