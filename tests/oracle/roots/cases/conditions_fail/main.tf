resource "aws_sqs_queue" "q" {
  name = "q"
  lifecycle {
    postcondition {
      condition     = self.name == "other"
      error_message = "Its name is ${self.name}."
    }
  }
}
