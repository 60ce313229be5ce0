variable "environment" {
  type    = string
  default = "qa"
  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "Must be dev or prod."
  }
}

resource "aws_sns_topic" "t" {
  name = var.environment
}
