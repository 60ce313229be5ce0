provider "aws" {
  region = "eu-west-1"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "e" {
  bucket = "probe-bucket"
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}
resource "aws_launch_configuration" "l" {
  name          = "l"
  image_id      = "ami-1"
  instance_type = "t3.micro"
  ebs_block_device {
    device_name = "/dev/sdb"
  }
}
resource "aws_instance" "i" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  ephemeral_block_device {
    device_name  = "/dev/sdc"
    virtual_name = "ephemeral0"
  }
}
resource "aws_autoscaling_group" "a" {
  name                 = "a"
  max_size             = 1
  min_size             = 0
  launch_configuration = "lc"
  availability_zones   = ["eu-west-1a"]
  tag {
    key                 = "k"
    value               = "v"
    propagate_at_launch = true
  }
}
