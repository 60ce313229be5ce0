provider "aws" {
  region = "eu-west-1"
}

resource "aws_rds_cluster" "c" {
  cluster_identifier  = "c"
  engine              = "aurora-mysql"
  master_username     = "admin"
  master_password     = "password1"
  skip_final_snapshot = true
}
resource "aws_rds_cluster_instance" "i" {
  count              = 2
  identifier         = "c-${count.index}"
  cluster_identifier = aws_rds_cluster.c.id
  engine             = aws_rds_cluster.c.engine
  instance_class     = "db.r6g.large"
}
resource "aws_db_subnet_group" "g" {
  name       = "group"
  subnet_ids = ["subnet-1", "subnet-2"]
}
resource "aws_elasticache_replication_group" "r" {
  replication_group_id = "R-1"
  description          = "d"
}
