provider "aws" {
  region = "eu-west-1"
}

locals { names = { default = "d", production = "p" } }
resource "aws_sns_topic" "t" {
  count = terraform.workspace == "default" ? 1 : 2
  name  = "topic-${terraform.workspace}-${local.names[terraform.workspace]}"
}
output "workspace" { value = terraform.workspace }
