provider "aws" {
  region = "eu-west-1"
}

resource "aws_iam_user" "people" { # ok: AC01
  for_each = toset(["bob", "carol"])

  name = each.key
}
