# Resources that need others, so that a made-up one of each does not do: networks and what runs in them.

resource "aws_vpc" "x" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "x" {
  vpc_id            = aws_vpc.x.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "eu-west-1a"
}

resource "aws_subnet" "other" {
  vpc_id            = aws_vpc.x.id
  cidr_block        = "10.0.2.0/24"
  availability_zone = "eu-west-1b"
}

resource "aws_security_group" "x" {
  name   = "example"
  vpc_id = aws_vpc.x.id
}

resource "aws_internet_gateway" "x" {
  vpc_id = aws_vpc.x.id
}

resource "aws_route_table" "x" {
  vpc_id = aws_vpc.x.id
}

resource "aws_network_acl" "x" {
  vpc_id = aws_vpc.x.id
}

resource "aws_default_network_acl" "x" {
  default_network_acl_id = aws_vpc.x.default_network_acl_id
}

resource "aws_default_route_table" "x" {
  default_route_table_id = aws_vpc.x.default_route_table_id
}

resource "aws_default_security_group" "x" {
  vpc_id = aws_vpc.x.id
}

resource "aws_key_pair" "x" {
  key_name   = "example"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl example"
}

resource "aws_lb" "x" {
  name     = "example"
  internal = true
  subnets  = [aws_subnet.x.id, aws_subnet.other.id]
}

resource "aws_alb" "x" {
  name     = "other"
  internal = true
  subnets  = [aws_subnet.x.id, aws_subnet.other.id]
}

resource "aws_lb_target_group" "x" {
  name     = "example"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.x.id
}

resource "aws_alb_target_group" "x" {
  name     = "other"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.x.id
}

resource "aws_elb" "x" {
  name    = "example"
  subnets = [aws_subnet.x.id]

  listener {
    instance_port     = 80
    instance_protocol = "http"
    lb_port           = 80
    lb_protocol       = "http"
  }
}

resource "aws_launch_configuration" "x" {
  name          = "example"
  image_id      = "ami-12c6146b"
  instance_type = "t3.micro"
}

resource "aws_autoscaling_group" "x" {
  name                 = "example"
  launch_configuration = aws_launch_configuration.x.name
  max_size             = 0
  min_size             = 0
  vpc_zone_identifier  = [aws_subnet.x.id]
}

resource "aws_autoscaling_policy" "x" {
  name                   = "example"
  autoscaling_group_name = aws_autoscaling_group.x.name
  adjustment_type        = "ChangeInCapacity"
  scaling_adjustment     = 1
}

resource "aws_route53_zone" "x" {
  name = "example.com"
}

resource "aws_route53_record" "x" {
  zone_id = aws_route53_zone.x.zone_id
  name    = "www"
  type    = "A"
  ttl     = 60
  records = ["10.0.0.1"]
}
