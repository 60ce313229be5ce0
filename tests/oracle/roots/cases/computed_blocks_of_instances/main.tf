provider "aws" {
  region = "eu-west-1"
}

resource "aws_instance" "plain" {
  ami           = "ami-1"
  instance_type = "t3.micro"
}
resource "aws_instance" "blocks" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  root_block_device {
    volume_size = 20
  }
  metadata_options {
    http_tokens = "required"
  }
}
output "devices" { value = length(aws_instance.plain.root_block_device) }
output "size" { value = aws_instance.blocks.root_block_device[0].volume_size }
