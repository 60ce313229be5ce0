provider "aws" {
  region = "eu-west-1"
}

locals { name = basename(abspath(path.root)) }
resource "aws_sns_topic" "t" {
  name         = "${local.name}-x"
  display_name = fileexists("${path.module}/main.tf") ? "here" : "nowhere"
}
output "name" { value = basename(path.cwd) }
output "directory" { value = try(fileexists(path.module), "a directory") }
output "missing" { value = fileexists("${path.module}/nothing") }
