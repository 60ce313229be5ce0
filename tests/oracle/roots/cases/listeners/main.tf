provider "aws" {
  region = "eu-west-1"
}

locals { lb = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/l/0123456789abcdef" }
resource "aws_lb_listener" "redirect" {
  load_balancer_arn = local.lb
  port              = 80
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}
resource "aws_lb_listener" "fixed" {
  load_balancer_arn = local.lb
  port              = "8080"
  protocol          = "HTTP"
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      message_body = "no"
      status_code  = "404"
    }
  }
}
resource "aws_lb_listener_rule" "r" {
  listener_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/l/0123456789abcdef/0123456789abcdef"
  action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/t/0123456789abcdef"
  }
  condition {
    path_pattern {
      values = ["/a/*"]
    }
  }
}
