variable "environment" {
  type    = string
  default = "staging"
  validation {
    condition     = contains(["staging", "production"], var.environment)
    error_message = "No such environment."
  }
  validation {
    condition     = length(var.environment) > length(var.prefix)
    error_message = "Longer than ${var.prefix}."
  }
}

variable "prefix" {
  type    = string
  default = "st"
}

resource "aws_sqs_queue" "q" {
  name = "${var.prefix}-q"
  lifecycle {
    precondition {
      condition     = var.environment != "production"
      error_message = "Not in production."
    }
    postcondition {
      condition     = self.name == "st-q"
      error_message = "Its name is ${self.name}."
    }
    postcondition {
      condition     = self.arn != ""
      error_message = "It has no ARN."
    }
  }
}

data "aws_region" "here" {
  lifecycle {
    postcondition {
      condition     = self.name == "eu-west-1"
      error_message = "Elsewhere."
    }
  }
}

output "name" {
  value = aws_sqs_queue.q.name
  precondition {
    condition     = data.aws_region.here.name != ""
    error_message = "No region."
  }
}

check "warns_only" {
  assert {
    condition     = var.environment == "production"
    error_message = "Only a warning."
  }
}
