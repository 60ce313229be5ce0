provider "aws" {
  region = "eu-west-1"
}

resource "aws_instance" "i" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = ""
  availability_zone      = ""
  vpc_security_group_ids = []
  user_data              = ""
}
output "key" { value = aws_instance.i.key_name == "" ? "no key" : "key" }
