variable "a" {
  type = string
}
variable "b" {
  type = string
}
variable "c" {
  type = string
}
variable "d" {
  type = list(string)
}

resource "aws_sns_topic" "t" {
  name = join("-", concat([var.a, var.b, var.c], var.d))
}

output "all" {
  value = [var.a, var.b, var.c, var.d]
}
