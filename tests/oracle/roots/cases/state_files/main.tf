provider "aws" {
  region = "eu-west-1"
}

data "terraform_remote_state" "network" {
  backend = "local"
  config = {
    path = "${path.module}/states/network.json"
  }
}
data "terraform_remote_state" "staging" {
  backend   = "local"
  workspace = "staging"
  config = {
    workspace_dir = "${path.module}/states"
  }
  defaults = { more = "given" }
}
resource "aws_sns_topic" "t" {
  for_each = toset(data.terraform_remote_state.network.outputs.names)
  name     = "${each.key}-${data.terraform_remote_state.staging.outputs.name}"
}
output "vpc" { value = data.terraform_remote_state.network.outputs.vpc.id }
output "more" { value = data.terraform_remote_state.staging.outputs.more }
