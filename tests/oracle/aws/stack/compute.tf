# Functions, clusters, pipelines and what watches them.

resource "aws_s3_object" "code" {
  bucket         = aws_s3_bucket.x.bucket
  key            = "code.zip"
  content_base64 = "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="
}

resource "aws_lambda_function" "x" {
  function_name = "example"
  role          = aws_iam_role.x.arn
  handler       = "a.b"
  runtime       = "python3.12"
  s3_bucket     = aws_s3_object.code.bucket
  s3_key        = aws_s3_object.code.key
}

resource "aws_lambda_alias" "x" {
  name             = "live"
  function_name    = aws_lambda_function.x.function_name
  function_version = "$LATEST"
}

resource "aws_lambda_permission" "x" {
  statement_id  = "example"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.x.function_name
  principal     = "events.amazonaws.com"
}

resource "aws_lambda_layer_version" "x" {
  layer_name          = "example"
  s3_bucket           = aws_s3_object.code.bucket
  s3_key              = aws_s3_object.code.key
  compatible_runtimes = ["python3.12"]
}

resource "aws_eks_cluster" "x" {
  name     = "example"
  role_arn = aws_iam_role.x.arn

  vpc_config {
    subnet_ids = [aws_subnet.x.id, aws_subnet.other.id]
  }
}

resource "aws_eks_node_group" "x" {
  cluster_name    = aws_eks_cluster.x.name
  node_group_name = "example"
  node_role_arn   = aws_iam_role.x.arn
  subnet_ids      = [aws_subnet.x.id]

  scaling_config {
    desired_size = 1
    max_size     = 1
    min_size     = 1
  }
}

resource "aws_eks_fargate_profile" "x" {
  cluster_name           = aws_eks_cluster.x.name
  fargate_profile_name   = "example"
  pod_execution_role_arn = aws_iam_role.x.arn
  subnet_ids             = [aws_subnet.x.id]

  selector {
    namespace = "example"
  }
}

resource "aws_batch_compute_environment" "x" {
  compute_environment_name = "example"
  service_role             = aws_iam_role.x.arn
  type                     = "UNMANAGED"
}

resource "aws_batch_job_queue" "x" {
  name     = "example"
  state    = "ENABLED"
  priority = 1

  compute_environment_order {
    order               = 1
    compute_environment = aws_batch_compute_environment.x.arn
  }
}

resource "aws_codebuild_project" "x" {
  name         = "example"
  service_role = aws_iam_role.x.arn

  artifacts {
    type = "NO_ARTIFACTS"
  }

  environment {
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/standard:7.0"
    type         = "LINUX_CONTAINER"
  }

  source {
    type     = "GITHUB"
    location = "https://github.com/example/example.git"
  }
}

resource "aws_codedeploy_app" "x" {
  name = "example"
}

resource "aws_codedeploy_deployment_group" "x" {
  app_name              = aws_codedeploy_app.x.name
  deployment_group_name = "example"
  service_role_arn      = aws_iam_role.x.arn
}

resource "aws_codepipeline" "x" {
  name     = "example"
  role_arn = aws_iam_role.x.arn

  artifact_store {
    location = aws_s3_bucket.x.bucket
    type     = "S3"
  }

  stage {
    name = "Source"

    action {
      name             = "a"
      category         = "Source"
      owner            = "AWS"
      provider         = "S3"
      version          = "1"
      output_artifacts = ["code"]
      configuration    = { S3Bucket = aws_s3_bucket.x.bucket, S3ObjectKey = "a" }
    }
  }

  stage {
    name = "Build"

    action {
      name            = "b"
      category        = "Build"
      owner           = "AWS"
      provider        = "CodeBuild"
      version         = "1"
      input_artifacts = ["code"]
      configuration   = { ProjectName = aws_codebuild_project.x.name }
    }
  }
}

resource "aws_glue_catalog_database" "x" {
  name = "example"
}

resource "aws_glue_catalog_table" "x" {
  database_name = aws_glue_catalog_database.x.name
  name          = "example"
}

resource "aws_glue_job" "x" {
  name     = "example"
  role_arn = aws_iam_role.x.arn

  command {
    script_location = "s3://example-bucket/a.py"
  }
}

resource "aws_glue_registry" "x" {
  registry_name = "example"
}

resource "aws_glue_security_configuration" "x" {
  name = "example"

  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "DISABLED"
    }

    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "DISABLED"
    }

    s3_encryption {
      s3_encryption_mode = "DISABLED"
    }
  }
}

resource "aws_glue_trigger" "x" {
  name = "example"
  type = "ON_DEMAND"

  actions {
    job_name = aws_glue_job.x.name
  }
}

resource "aws_glue_workflow" "x" {
  name = "example"
}

resource "aws_glue_dev_endpoint" "x" {
  name     = "example"
  role_arn = aws_iam_role.x.arn
}

resource "aws_iot_thing" "x" {
  name = "example"
}

resource "aws_sagemaker_model" "x" {
  name               = "example"
  execution_role_arn = aws_iam_role.x.arn

  primary_container {
    image = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"
  }
}

resource "aws_sagemaker_endpoint_configuration" "x" {
  name = "example"

  production_variants {
    variant_name           = "a"
    model_name             = aws_sagemaker_model.x.name
    initial_instance_count = 1
    instance_type          = "ml.t2.medium"
  }
}

resource "aws_sagemaker_endpoint" "x" {
  name                 = "example"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.x.name
}

resource "aws_cloudtrail" "x" {
  name           = "example"
  s3_bucket_name = aws_s3_bucket.x.bucket
}

resource "aws_cloudwatch_event_bus" "x" {
  name = "example"
}

resource "aws_cloudwatch_event_archive" "x" {
  name             = "example"
  event_source_arn = aws_cloudwatch_event_bus.x.arn
}

resource "aws_cloudwatch_log_group" "x" {
  name = "example"
}

resource "aws_cloudwatch_log_stream" "x" {
  name           = "example"
  log_group_name = aws_cloudwatch_log_group.x.name
}

resource "aws_cloudwatch_metric_stream" "x" {
  name          = "example"
  firehose_arn  = aws_kinesis_firehose_delivery_stream.x.arn
  role_arn      = aws_iam_role.x.arn
  output_format = "json"
}

resource "aws_config_configuration_recorder" "x" {
  name     = "example"
  role_arn = aws_iam_role.x.arn
}

resource "aws_config_delivery_channel" "x" {
  name           = "example"
  s3_bucket_name = aws_s3_bucket.x.bucket
  depends_on     = [aws_config_configuration_recorder.x]
}

resource "aws_config_configuration_recorder_status" "x" {
  name       = aws_config_configuration_recorder.x.name
  is_enabled = true
  depends_on = [aws_config_delivery_channel.x]
}

resource "aws_resourcegroups_group" "x" {
  name = "example"

  resource_query {
    query = jsonencode({ ResourceTypeFilters = ["AWS::EC2::Instance"], TagFilters = [{ Key = "a", Values = ["b"] }] })
  }
}

resource "aws_ssm_document" "x" {
  name          = "example"
  document_type = "Command"
  content = jsonencode({
    schemaVersion = "1.2"
    description   = "a"
    parameters    = {}
    runtimeConfig = { "aws:runShellScript" = { properties = [{ id = "0.aws:runShellScript", runCommand = ["ls"] }] } }
  })
}

resource "aws_swf_domain" "x" {
  name                                        = "example"
  workflow_execution_retention_period_in_days = 30
}

resource "aws_api_gateway_account" "x" {
  cloudwatch_role_arn = aws_iam_role.x.arn
}
