resource "aws_sns_topic" "a" {
  name = "a"
  lifecycle {
    create_before_destroy = true
    ignore_changes        = [tags, display_name]
    replace_triggered_by  = [terraform_data.version]
  }
  depends_on = [aws_sqs_queue.q]
}

resource "terraform_data" "version" {
  input = "1"
}

resource "aws_sqs_queue" "q" {
  name = "q"
  lifecycle {
    prevent_destroy = true
    ignore_changes  = all
  }
  provisioner "local-exec" {
    command = "echo ${self.name}"
  }
  connection {
    host = self.url
  }
}

moved {
  from = aws_sns_topic.old
  to   = aws_sns_topic.a
}

removed {
  from = aws_sns_topic.gone
  lifecycle {
    destroy = false
  }
}

check "names" {
  data "aws_caller_identity" "inner" {}
  assert {
    condition     = aws_sns_topic.a.name == "b"
    error_message = "Not b."
  }
}

module "dependent" {
  source     = "./m"
  depends_on = [aws_sns_topic.a]
}
