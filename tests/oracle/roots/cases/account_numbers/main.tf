provider "aws" {
  region = "eu-west-1"
}

data "aws_caller_identity" "me" {}
resource "aws_sns_topic" "t" {
  count = data.aws_caller_identity.me.account_id != "" && data.aws_caller_identity.me.account_id != "none" ? 1 : 0
  name  = "t"
}
output "twelve" { value = length(data.aws_caller_identity.me.account_id) }
