provider "aws" {
  region = "eu-west-1"
}

data "terraform_remote_state" "network" {
  backend = "local"
  config = {
    path = "../network/terraform.tfstate"
  }
  defaults = {
    missing = "by default"
  }
}

resource "aws_subnet" "s" {
  for_each          = data.terraform_remote_state.network.outputs.zones
  vpc_id            = "vpc-1"
  availability_zone = each.value
  cidr_block        = cidrsubnet(data.terraform_remote_state.network.outputs.cidr, 8, index(keys(data.terraform_remote_state.network.outputs.zones), each.key))
}

output "missing" {
  value = data.terraform_remote_state.network.outputs.missing
}

output "tried" {
  value = try(data.terraform_remote_state.network.outputs.nothing, "tried")
}
