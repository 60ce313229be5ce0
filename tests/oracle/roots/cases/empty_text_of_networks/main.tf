provider "aws" {
  region = "eu-west-1"
}

resource "aws_subnet" "s" {
  vpc_id            = "vpc-1"
  cidr_block        = "10.0.0.0/24"
  availability_zone = ""
}
resource "aws_security_group" "g" {
  name        = "g"
  vpc_id      = ""
  description = "d"
}
resource "aws_sns_topic" "t" { name = "" }
resource "aws_network_interface" "n" {
  subnet_id       = "subnet-1"
  private_ips     = []
  security_groups = []
  description     = ""
}
