provider "aws" {
  alias  = "frankfurt"
  region = local.regions["frankfurt"]
}

provider "aws" {
  alias  = "ohio"
  region = var.ohio
}

variable "ohio" {
  default = "us-east-2"
}

locals {
  regions = { frankfurt = "eu-central-1" }
}

module "stack" {
  source = "./stack"
  providers = {
    aws        = aws.frankfurt
    aws.backup = aws.ohio
  }
}

output "all" {
  value = module.stack.all
}
