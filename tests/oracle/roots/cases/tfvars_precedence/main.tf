variable "a" { default = "default" }
variable "b" { default = "default" }
variable "c" { default = "default" }
variable "d" { default = "default" }
variable "e" { default = "default" }
variable "f" { default = "default" }
variable "g" { type = map(number) }

resource "aws_sns_topic" "t" {
  name = join("-", [var.a, var.b, var.c, var.d, var.e, var.f])
  tags = { for key, value in var.g : key => value }
}

output "all" {
  value = [var.a, var.b, var.c, var.d, var.e, var.f, var.g]
}
