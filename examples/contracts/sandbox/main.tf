provider "aws" { # expect: AC06
  region = "eu-west-1"
}

resource "aws_ecr_repository" "copies" { # expect: AC01
  name                 = "copies"
  image_tag_mutability = "IMMUTABLE"
}

resource "aws_ecr_repository" "experiment" { # suppressed: AC01
  name                 = "experiment"
  image_tag_mutability = "IMMUTABLE"
}
