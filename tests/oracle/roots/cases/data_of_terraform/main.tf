resource "terraform_data" "a" { input = { x = 1 } }
resource "terraform_data" "b" { input = [terraform_data.a.id, "known"] }
output "b" { value = terraform_data.b.input }
