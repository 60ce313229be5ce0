resource "aws_subnet" "s" {
  count             = 3
  vpc_id            = "vpc-1"
  cidr_block        = cidrsubnet("10.0.0.0/16", 8, count.index)
  availability_zone = "eu-west-1${element(["a", "b"], count.index)}"
}

resource "aws_instance" "i" {
  for_each      = { a = "t3.micro", b = "t3.small" }
  ami           = "ami-1"
  instance_type = each.value
  subnet_id     = aws_subnet.s[each.key == "a" ? 0 : 1].id
  tags          = { Cidr = aws_subnet.s[0].cidr_block }
}

resource "aws_db_subnet_group" "g" {
  name       = "g"
  subnet_ids = aws_subnet.s[*].id
}

resource "aws_sns_topic" "single" {
  name = "single"
}

output "cidrs" {
  value = aws_subnet.s[*].cidr_block
}

output "by_zone" {
  value = { for subnet in aws_subnet.s : subnet.availability_zone => subnet.cidr_block... }
}

output "types" {
  value = { for key, instance in aws_instance.i : instance.instance_type => key }
}

output "single" {
  value = aws_sns_topic.single[*].name
}

output "filtered" {
  value = [for index, subnet in aws_subnet.s : "${index}:${subnet.cidr_block}" if index % 2 == 0]
}

output "ids" {
  value = aws_subnet.s[*].id
}

output "length" {
  value = length(aws_subnet.s[*].id)
}

output "last" {
  value = reverse(aws_subnet.s[*].cidr_block)[0]
}
