variable "object" {
  type = object({
    name    = string
    size    = optional(number, 3)
    tags    = optional(map(string), {})
    nested  = optional(object({ enabled = optional(bool, true), label = optional(string) }), {})
    list    = optional(list(object({ port = number, protocol = optional(string, "tcp") })), [])
    missing = optional(string)
  })
  default = {
    name = "x"
    list = [{ port = "80" }, { port = 53, protocol = "udp", extra = true }]
  }
}

variable "map" {
  type    = map(object({ cidr = string, public = optional(bool, false) }))
  default = { a = { cidr = "10.0.0.0/24" }, b = { cidr = "10.0.1.0/24", public = "true" } }
}

variable "tuple" {
  type    = tuple([string, number, bool])
  default = [1, "2", "true"]
}

variable "set" {
  type    = set(string)
  default = ["b", "a", "b", 3]
}

variable "any" {
  type    = any
  default = [1, "a", true]
}

variable "list_any" {
  type    = list(any)
  default = [1, "a", true]
}

variable "map_any" {
  type    = map(any)
  default = { a = 1, b = "x" }
}

variable "not_nullable" {
  type     = string
  default  = "fallback"
  nullable = false
}

variable "number" {
  type    = number
  default = "5.50"
}

variable "nothing" {
  type    = string
  default = null
}

module "child" {
  source       = "./child"
  not_nullable = null
  nullable     = null
  object       = { inner = { b = 5 } }
}

output "object" { value = var.object }
output "map" { value = var.map }
output "tuple" { value = var.tuple }
output "set" { value = var.set }
output "any" { value = var.any }
output "list_any" { value = var.list_any }
output "map_any" { value = var.map_any }
output "not_nullable" { value = var.not_nullable }
output "number" { value = var.number }
output "nothing" { value = var.nothing == null }
output "child" { value = module.child.all }

resource "aws_sqs_queue" "q" {
  for_each      = var.map
  name          = "${each.key}-${var.object.nested.enabled}"
  delay_seconds = var.object.size
  tags          = { cidr = each.value.cidr, public = each.value.public }
}
