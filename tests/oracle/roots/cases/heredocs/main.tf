locals {
  plain    = <<EOT
line one
  line "two" $${escaped} %%{escaped}
EOT
  indented = <<-EOT
    first
      second ${upper("x")}
    %{for n in [1, 2]~}
    - ${n}
    %{endfor~}
    %{if true}yes%{else}no%{endif}
  EOT
}

resource "aws_instance" "i" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  user_data     = local.indented
}

resource "aws_launch_template" "l" {
  name      = "template"
  user_data = base64encode(local.plain)
}

output "both" {
  value = [local.plain, local.indented, chomp(local.plain), indent(2, local.indented)]
}
