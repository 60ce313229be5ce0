variable "not_nullable" {
  default  = "kept"
  nullable = false
}
variable "nullable" {
  default = "lost"
}
variable "object" {
  type = object({
    inner = object({ a = optional(list(string), ["x"]), b = string })
    outer = optional(object({ c = optional(number, 1) }))
  })
}
output "all" {
  value = [var.not_nullable, var.nullable, var.object]
}
