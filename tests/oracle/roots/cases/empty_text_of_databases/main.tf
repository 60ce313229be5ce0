provider "aws" {
  region = "eu-west-1"
}

resource "aws_rds_cluster" "c" {
  cluster_identifier  = "c"
  engine              = "aurora-postgresql"
  database_name       = ""
  storage_type        = ""
  master_username     = "admin"
  master_password     = "password1"
  skip_final_snapshot = true
}
resource "aws_db_instance" "d" {
  identifier           = "d"
  engine               = "postgres"
  instance_class       = "db.t3.micro"
  allocated_storage    = 10
  username             = "admin"
  password             = "password1"
  parameter_group_name = ""
  option_group_name    = ""
  skip_final_snapshot  = true
}
