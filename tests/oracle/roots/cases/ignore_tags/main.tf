provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Team = "platform", "kubernetes.io/cluster" = "x" }
  }
  ignore_tags {
    keys         = ["Ignored"]
    key_prefixes = ["kubernetes.io/"]
  }
}

provider "aws" {
  alias  = "plain"
  region = "eu-west-1"
}

resource "aws_sns_topic" "t" {
  name = "t"
  tags = { Name = "t", Ignored = "yes" }
}

resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "v", "kubernetes.io/role" = "r" }
}

resource "aws_sns_topic" "plain" {
  provider = aws.plain
  name     = "plain"
  tags     = { Name = "t", Ignored = "yes" }
}

output "all" {
  value = aws_sns_topic.t.tags_all
}
