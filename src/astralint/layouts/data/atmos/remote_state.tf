# What Atmos' module for remote state reads: the outputs of a component in the stack that the labels make.

variable "component" {
  type = string
}
variable "stack" {
  type    = string
  default = null
}
variable "bypass" {
  type    = bool
  default = false
}
variable "defaults" {
  type    = any
  default = {}
}
variable "ignore_errors" {
  type    = bool
  default = false
}
variable "privileged" {
  type    = bool
  default = false
}
variable "workspace" {
  type    = string
  default = null
}
variable "include_component_in_workspace_name" {
  type    = bool
  default = false
}
variable "stack_config_local_path" {
  type    = string
  default = null
}
variable "atmos_base_path" {
  type    = string
  default = null
}
variable "atmos_cli_config_path" {
  type    = string
  default = null
}
variable "env" {
  type    = map(string)
  default = {}
}

data "terraform_remote_state" "this" {
  count   = var.bypass ? 0 : 1
  backend = "atmos"
  config = {
    path = "${local.project}:${var.stack == null ? local.stack : var.stack}:${var.component}"
  }
  defaults = var.defaults
}

locals {
  # The two may be of different types, which a condition would not let through.
  outputs = concat(data.terraform_remote_state.this[*].outputs, [var.defaults])[0]
}

output "outputs" {
  value = local.outputs
}
output "remote_workspace_name" {
  value = null
}
output "backend_type" {
  value = null
}
output "backend" {
  value = {}
}
output "s3_workspace_name" {
  value = null
}
