provider "aws" {
  region = "eu-west-1"
}

resource "aws_cloudfront_distribution" "d" {
  enabled = true
  origin {
    domain_name = "b.s3.amazonaws.com"
    origin_id   = "b"
  }
  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "b"
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
      restriction_type = "none"
    }
  }
  viewer_certificate {
    cloudfront_default_certificate = true
  }
}
