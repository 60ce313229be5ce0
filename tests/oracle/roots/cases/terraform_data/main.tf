resource "terraform_data" "input" {
  input = { a = [1, 2], b = "x" }
}

resource "terraform_data" "chain" {
  input            = terraform_data.input.output.b
  triggers_replace = [terraform_data.input.input, 1]
}

resource "terraform_data" "plain" {}

resource "aws_sns_topic" "t" {
  name         = "n-${terraform_data.input.input.b}"
  display_name = terraform_data.chain.output
}

output "input" {
  value = terraform_data.input.input
}
