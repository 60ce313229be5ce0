provider "aws" {
  region = "eu-west-1"
}

resource "aws_launch_template" "t" {
  name_prefix   = "tpl-"
  image_id      = "ami-1"
  instance_type = "t3.micro"
  block_device_mappings {
    device_name = "/dev/sda1"
    ebs {
      volume_size = 10
      encrypted   = true
    }
  }
  metadata_options {
    http_tokens = "required"
  }
}
resource "aws_autoscaling_group" "a" {
  name                = "a"
  max_size            = 2
  min_size            = 1
  vpc_zone_identifier = ["subnet-1", "subnet-2"]
  launch_template {
    id      = aws_launch_template.t.id
    version = "$Latest"
  }
}
