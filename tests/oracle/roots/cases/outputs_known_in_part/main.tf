provider "aws" {
  region = "eu-west-1"
}

resource "aws_instance" "i" {
  ami           = "ami-1"
  instance_type = "t3.micro"
}
output "object" { value = { id = aws_instance.i.id, size = "t3.micro" } }
output "list" { value = ["a", aws_instance.i.id] }
output "deep" { value = { a = [{ b = aws_instance.i.arn, c = 1 }], d = aws_instance.i.id } }
output "text" { value = "i-${aws_instance.i.id}" }
