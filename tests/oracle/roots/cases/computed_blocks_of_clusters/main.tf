provider "aws" {
  region = "eu-west-1"
}

resource "aws_eks_cluster" "c" {
  name     = "c"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  vpc_config {
    subnet_ids = ["subnet-1", "subnet-2"]
  }
}
resource "aws_eks_node_group" "n" {
  cluster_name  = aws_eks_cluster.c.name
  node_role_arn = "arn:aws:iam::123456789012:role/node"
  subnet_ids    = ["subnet-1"]
  scaling_config {
    desired_size = 1
    max_size     = 2
    min_size     = 1
  }
}
resource "aws_ecs_cluster" "e" { name = "e" }
output "access" { value = aws_eks_cluster.c.access_config }
