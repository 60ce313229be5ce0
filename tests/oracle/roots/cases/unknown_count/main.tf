resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_sns_topic" "t" {
  count = aws_vpc.v.id == "x" ? 1 : 0
  name  = "t"
}

resource "aws_sns_topic" "sure" {
  name = "sure"
}
