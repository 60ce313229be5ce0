output "cidr" {
  value = "10.1.0.0/16"
}

output "zones" {
  value = { a = "eu-west-1a", b = "eu-west-1b" }
}

output "secret" {
  value     = "s3cret"
  sensitive = true
}
