provider "aws" {
  region = "eu-west-1"
}

resource "aws_instance" "i" {
  for_each      = { text = "echo hello", encoded = "ZWNobw==", template = "#!/bin/sh\necho ${"x"}\n" }
  ami           = "ami-1"
  instance_type = "t3.micro"
  user_data     = each.value
}
resource "aws_launch_template" "t" {
  name      = "template"
  user_data = base64encode("echo hello")
}
