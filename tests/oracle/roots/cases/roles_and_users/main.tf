provider "aws" {
  region = "eu-west-1"
}

resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = <<-EOT
    { "Version": "2012-10-17",
      "Statement": [ { "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" } ] }
  EOT
}
resource "aws_iam_instance_profile" "p" {
  name = "p"
  role = aws_iam_role.r.name
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
resource "aws_iam_user_policy" "u" {
  user   = "u"
  policy = "{ \"Version\": \"2012-10-17\", \"Statement\": [] }"
}
output "role" { value = { name = aws_iam_role.r.name, arn = aws_iam_role.r.arn, unique = aws_iam_role.r.unique_id } }
