resource "aws_instance" "this" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  root_block_device {
    volume_size = 10
    encrypted   = true
  }
  ebs_block_device {
    device_name = "/dev/sdb"
    volume_size = "20"
  }
  ebs_block_device {
    device_name = "/dev/sda"
    volume_size = 30
  }
  metadata_options {
    http_tokens = "required"
  }
  credit_specification {
    cpu_credits = "standard"
  }
  timeouts {
    create = "10m"
  }
}

resource "aws_ecs_task_definition" "this" {
  family                = "app"
  container_definitions = jsonencode([{ name = "a", image = "b", essential = true }])
  volume {
    name = "v"
    efs_volume_configuration {
      file_system_id = "fs-1"
    }
  }
  placement_constraints {
    type       = "memberOf"
    expression = "attribute:ecs.availability-zone in [eu-west-1a]"
  }
}

resource "aws_cloudfront_origin_access_control" "this" {
  name                              = "oac"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_distribution" "this" {
  enabled = true
  origin {
    domain_name = "b.example.com"
    origin_id   = "b"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2", "TLSv1.1"]
    }
  }
  origin {
    domain_name = "a.s3.amazonaws.com"
    origin_id   = "a"
  }
  default_cache_behavior {
    allowed_methods        = ["HEAD", "GET"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "a"
    viewer_protocol_policy = "redirect-to-https"
    forwarded_values {
      query_string = false
      cookies {
        forward = "none"
      }
    }
  }
  restrictions {
    geo_restriction {
      restriction_type = "whitelist"
      locations        = ["GB", "DE", "FR"]
    }
  }
  viewer_certificate {
    cloudfront_default_certificate = true
  }
}
