provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecr_repository" "images" { # ok: AC01 # expect: AL006
  name                 = "images"
  image_tag_mutability = "IMMUTABLE"
}
