variable "token" {
  type      = string
  ephemeral = true
}

locals {
  padded = "<${var.token}>"
}

output "token" {
  value     = local.padded
  ephemeral = true
}
