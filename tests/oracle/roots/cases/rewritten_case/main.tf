provider "aws" {
  region = "eu-west-1"
}

resource "aws_db_instance" "d" {
  identifier          = "d"
  engine              = "Postgres"
  instance_class      = "db.t3.micro"
  allocated_storage   = 10
  username            = "admin"
  password            = "password1"
  skip_final_snapshot = true
}
resource "aws_elasticache_subnet_group" "s" {
  name       = "Cache-Group"
  subnet_ids = ["subnet-1"]
}
resource "aws_lb_listener" "l" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/l/0123456789abcdef"
  port              = 443
  protocol          = "https"
  certificate_arn   = "arn:aws:acm:eu-west-1:123456789012:certificate/x"
  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/t/0123456789abcdef"
  }
}
resource "aws_key_pair" "k" {
  key_name   = "k"
  public_key = "ssh-rsa AAAA \n"
}
