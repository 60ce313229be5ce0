# Buckets, tables and databases.

resource "aws_s3_bucket" "x" {
  bucket = "example-bucket"
}

resource "aws_s3_bucket" "logs" {
  bucket = "example-logs"
}

resource "aws_s3_bucket_cors_configuration" "x" {
  bucket = aws_s3_bucket.x.bucket

  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = ["*"]
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "x" {
  bucket = aws_s3_bucket.x.bucket

  rule {
    id     = "example"
    status = "Enabled"

    filter {
      prefix = ""
    }

    expiration {
      days = 1
    }
  }
}

resource "aws_s3_bucket_logging" "x" {
  bucket        = aws_s3_bucket.x.bucket
  target_bucket = aws_s3_bucket.logs.bucket
  target_prefix = "a/"
}

resource "aws_s3_bucket_ownership_controls" "x" {
  bucket = aws_s3_bucket.x.bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "x" {
  bucket = aws_s3_bucket.x.bucket
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Principal = "*", Resource = "arn:aws:s3:::example-bucket/*" }]
  })
}

resource "aws_s3_bucket_server_side_encryption_configuration" "x" {
  bucket = aws_s3_bucket.x.bucket

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_object" "x" {
  bucket  = aws_s3_bucket.x.bucket
  key     = "a/b"
  content = "c"
}

resource "aws_dynamodb_table" "x" {
  name         = "example"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_kinesis_stream" "x" {
  name        = "example"
  shard_count = 1
}

resource "aws_dynamodb_kinesis_streaming_destination" "x" {
  table_name = aws_dynamodb_table.x.name
  stream_arn = aws_kinesis_stream.x.arn
}

resource "aws_kinesis_firehose_delivery_stream" "x" {
  name        = "example"
  destination = "extended_s3"

  extended_s3_configuration {
    bucket_arn = aws_s3_bucket.x.arn
    role_arn   = aws_iam_role.x.arn
  }
}

resource "aws_db_subnet_group" "x" {
  name       = "example"
  subnet_ids = [aws_subnet.x.id, aws_subnet.other.id]
}

resource "aws_docdb_subnet_group" "x" {
  name       = "example-docdb"
  subnet_ids = [aws_subnet.x.id, aws_subnet.other.id]
}

resource "aws_neptune_subnet_group" "x" {
  name       = "example-neptune"
  subnet_ids = [aws_subnet.x.id, aws_subnet.other.id]
}

resource "aws_redshift_subnet_group" "x" {
  name       = "example"
  subnet_ids = [aws_subnet.x.id, aws_subnet.other.id]
}

resource "aws_elasticache_subnet_group" "x" {
  name       = "example"
  subnet_ids = [aws_subnet.x.id, aws_subnet.other.id]
}

resource "aws_memorydb_subnet_group" "x" {
  name       = "example"
  subnet_ids = [aws_subnet.x.id, aws_subnet.other.id]
}

resource "aws_db_option_group" "x" {
  name                 = "example"
  engine_name          = "mysql"
  major_engine_version = "8.0"
}

resource "aws_db_instance" "x" {
  identifier          = "example"
  engine              = "mysql"
  engine_version      = "8.0.32"
  instance_class      = "db.t3.micro"
  allocated_storage   = 20
  username            = "example"
  password            = "example-password"
  skip_final_snapshot = true
}

resource "aws_db_snapshot" "x" {
  db_instance_identifier = aws_db_instance.x.identifier
  db_snapshot_identifier = "example"
}

resource "aws_rds_cluster" "x" {
  cluster_identifier  = "example"
  engine              = "aurora-mysql"
  master_username     = "example"
  master_password     = "example-password"
  skip_final_snapshot = true
}

resource "aws_rds_cluster_instance" "x" {
  identifier         = "example-one"
  cluster_identifier = aws_rds_cluster.x.id
  engine             = "aurora-mysql"
  instance_class     = "db.t3.medium"
}

resource "aws_db_cluster_snapshot" "x" {
  db_cluster_identifier          = aws_rds_cluster.x.id
  db_cluster_snapshot_identifier = "example-cluster"
}

resource "aws_neptune_cluster" "x" {
  cluster_identifier  = "example-neptune"
  engine              = "neptune"
  skip_final_snapshot = true
}

resource "aws_neptune_cluster_instance" "x" {
  identifier         = "example-neptune-one"
  cluster_identifier = aws_neptune_cluster.x.id
  instance_class     = "db.r5.large"
  engine             = "neptune"
}

resource "aws_elasticache_user" "x" {
  user_id       = "example"
  user_name     = "example"
  engine        = "redis"
  access_string = "on ~* +@all"
  passwords     = ["a-password-that-is-long-enough"]
}

resource "aws_ecr_repository" "x" {
  name = "example"
}

resource "aws_ecr_lifecycle_policy" "x" {
  repository = aws_ecr_repository.x.name
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      selection    = { tagStatus = "untagged", countType = "imageCountMoreThan", countNumber = 1 }
      action       = { type = "expire" }
    }]
  })
}

resource "aws_ecr_repository_policy" "x" {
  repository = aws_ecr_repository.x.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "a", Effect = "Allow", Action = "ecr:BatchGetImage", Principal = "*" }]
  })
}

resource "aws_ecr_registry_policy" "x" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "a"
      Effect    = "Allow"
      Action    = ["ecr:ReplicateImage"]
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
      Resource  = ["arn:aws:ecr:eu-west-1:123456789012:repository/*"]
    }]
  })
}

resource "aws_ecr_replication_configuration" "x" {
  replication_configuration {
    rule {
      destination {
        region      = "eu-central-1"
        registry_id = "123456789012"
      }
    }
  }
}

resource "aws_backup_vault" "x" {
  name = "example"
}

resource "aws_backup_vault_policy" "x" {
  backup_vault_name = aws_backup_vault.x.name
  policy            = local.policy
}

resource "aws_backup_vault_notifications" "x" {
  backup_vault_name   = aws_backup_vault.x.name
  sns_topic_arn       = aws_sns_topic.x.arn
  backup_vault_events = ["BACKUP_JOB_STARTED"]
}
