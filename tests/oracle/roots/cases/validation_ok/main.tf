variable "environment" {
  type    = string
  default = "prod"
  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "Must be dev or prod."
  }
}

variable "number" {
  type    = number
  default = 3
  validation {
    condition     = var.number > 1 && can(regex("^prod$", var.environment))
    error_message = "Too small for ${var.environment}."
  }
}

resource "aws_sns_topic" "t" {
  name = "${var.environment}-${var.number}"
  lifecycle {
    precondition {
      condition     = var.number < 10
      error_message = "Too big."
    }
    postcondition {
      condition     = self.name != ""
      error_message = "No name."
    }
  }
}
