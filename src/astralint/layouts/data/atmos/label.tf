# What `cloudposse/label/null` computes: names and tags from labels. It makes nothing.

variable "context" {
  type    = any
  default = {}
}
variable "enabled" {
  type    = bool
  default = null
}
variable "namespace" {
  type    = string
  default = null
}
variable "tenant" {
  type    = string
  default = null
}
variable "environment" {
  type    = string
  default = null
}
variable "stage" {
  type    = string
  default = null
}
variable "name" {
  type    = string
  default = null
}
variable "delimiter" {
  type    = string
  default = null
}
variable "attributes" {
  type    = list(string)
  default = []
}
variable "tags" {
  type    = map(string)
  default = {}
}
variable "additional_tag_map" {
  type    = map(string)
  default = {}
}
variable "label_order" {
  type    = list(string)
  default = null
}
variable "regex_replace_chars" {
  type    = string
  default = null
}
variable "id_length_limit" {
  type    = number
  default = null
}
variable "label_key_case" {
  type    = string
  default = null
}
variable "label_value_case" {
  type    = string
  default = null
}
variable "labels_as_tags" {
  type    = set(string)
  default = ["default"]
}
variable "descriptor_formats" {
  type    = any
  default = {}
}

locals {
  above = { for key, value in var.context : key => value if value != null }

  given = {
    enabled             = var.enabled == null ? lookup(local.above, "enabled", true) : var.enabled
    namespace           = var.namespace == null ? lookup(local.above, "namespace", null) : var.namespace
    tenant              = var.tenant == null ? lookup(local.above, "tenant", null) : var.tenant
    environment         = var.environment == null ? lookup(local.above, "environment", null) : var.environment
    stage               = var.stage == null ? lookup(local.above, "stage", null) : var.stage
    name                = var.name == null ? lookup(local.above, "name", null) : var.name
    delimiter           = var.delimiter == null ? lookup(local.above, "delimiter", null) : var.delimiter
    attributes          = compact(distinct(concat(lookup(local.above, "attributes", []), var.attributes == null ? [] : var.attributes)))
    tags                = merge(lookup(local.above, "tags", {}), var.tags)
    additional_tag_map  = merge(lookup(local.above, "additional_tag_map", {}), var.additional_tag_map)
    label_order         = var.label_order == null ? lookup(local.above, "label_order", null) : var.label_order
    regex_replace_chars = var.regex_replace_chars == null ? lookup(local.above, "regex_replace_chars", null) : var.regex_replace_chars
    id_length_limit     = var.id_length_limit == null ? lookup(local.above, "id_length_limit", null) : var.id_length_limit
    label_key_case      = var.label_key_case == null ? lookup(local.above, "label_key_case", null) : var.label_key_case
    label_value_case    = var.label_value_case == null ? lookup(local.above, "label_value_case", null) : var.label_value_case
    descriptor_formats  = merge(lookup(local.above, "descriptor_formats", {}), var.descriptor_formats)
    labels_as_tags = (
      contains(lookup(local.above, "labels_as_tags", ["unset"]), "unset")
      ? tolist(var.labels_as_tags)
      : tolist(lookup(local.above, "labels_as_tags", ["default"]))
    )
  }

  pattern    = local.given.regex_replace_chars == null ? "/[^-a-zA-Z0-9]/" : local.given.regex_replace_chars
  delimiter  = local.given.delimiter == null ? "-" : local.given.delimiter
  value_case = local.given.label_value_case == null ? "lower" : local.given.label_value_case
  key_case   = local.given.label_key_case == null ? "title" : local.given.label_key_case
  limit      = local.given.id_length_limit == null ? 0 : local.given.id_length_limit
  order = (
    length(local.given.label_order == null ? [] : local.given.label_order) == 0
    ? ["namespace", "environment", "stage", "name", "attributes"]
    : local.given.label_order
  )

  cleaned = { for label in ["namespace", "tenant", "environment", "stage", "name"] :
    label => local.given[label] == null ? "" : replace(local.given[label], local.pattern, "")
  }
  written = { for label, text in local.cleaned :
    label => (
      local.value_case == "none" ? text :
      local.value_case == "title" ? title(lower(text)) :
      local.value_case == "upper" ? upper(text) : lower(text)
    )
  }
  attributes = compact(distinct([for each in local.given.attributes : (
    local.value_case == "none" ? replace(each, local.pattern, "") :
    local.value_case == "title" ? title(lower(replace(each, local.pattern, ""))) :
    local.value_case == "upper" ? upper(replace(each, local.pattern, "")) : lower(replace(each, local.pattern, ""))
  )]))

  labels = merge(local.written, { attributes = join(local.delimiter, local.attributes) })
  whole  = join(local.delimiter, [for label in local.order : local.labels[label] if length(local.labels[label]) > 0])

  hash = (
    local.value_case == "title" ? title("${md5(local.whole)}qrstuvwxyz") :
    local.value_case == "upper" ? upper("${md5(local.whole)}qrstuvwxyz") :
    local.value_case == "lower" ? lower("${md5(local.whole)}qrstuvwxyz") : "${md5(local.whole)}qrstuvwxyz"
  )
  room  = local.limit - (5 + length(local.delimiter))
  start = local.room <= 0 ? "" : "${trimsuffix(substr(local.whole, 0, local.room), local.delimiter)}${local.delimiter}"
  short = local.limit <= 0 ? local.whole : substr("${local.start}${replace(local.hash, local.pattern, "")}", 0, local.limit)
  id    = local.limit != 0 && length(local.whole) > local.limit ? local.short : local.whole

  tagged = merge(local.labels, { name = local.id })
  told = (
    contains(local.given.labels_as_tags, "default")
    ? keys(local.tagged)
    : [for label in local.given.labels_as_tags : label if contains(keys(local.tagged), label)]
  )
  generated = { for label in local.told : (
    local.key_case == "upper" ? upper(label) : local.key_case == "lower" ? lower(label) : title(lower(label))
  ) => local.tagged[label] if length(local.tagged[label]) > 0 }
  tags = merge(local.generated, local.given.tags)

  descriptors = { for name, each in local.given.descriptor_formats :
    name => format(each.format, [for label in each.labels : local.labels[label]]...)
  }

  normal = merge(local.given, {
    namespace           = local.written.namespace
    tenant              = local.written.tenant
    environment         = local.written.environment
    stage               = local.written.stage
    name                = local.written.name
    delimiter           = local.delimiter
    attributes          = local.attributes
    tags                = local.tags
    label_order         = local.order
    regex_replace_chars = local.pattern
    id_length_limit     = local.limit
    label_key_case      = local.key_case
    label_value_case    = local.value_case
  })
}

output "id" {
  value = local.given.enabled ? local.id : ""
}
output "id_full" {
  value = local.given.enabled ? local.whole : ""
}
output "enabled" {
  value = local.given.enabled
}
output "namespace" {
  value = local.given.enabled ? local.written.namespace : ""
}
output "tenant" {
  value = local.given.enabled ? local.written.tenant : ""
}
output "environment" {
  value = local.given.enabled ? local.written.environment : ""
}
output "stage" {
  value = local.given.enabled ? local.written.stage : ""
}
output "name" {
  value = local.given.enabled ? local.written.name : ""
}
output "delimiter" {
  value = local.given.enabled ? local.delimiter : ""
}
output "attributes" {
  value = local.given.enabled ? local.attributes : []
}
output "tags" {
  value = local.given.enabled ? local.tags : {}
}
output "additional_tag_map" {
  value = local.given.additional_tag_map
}
output "label_order" {
  value = local.order
}
output "regex_replace_chars" {
  value = local.pattern
}
output "id_length_limit" {
  value = local.limit
}
output "tags_as_list_of_maps" {
  value = [for key in keys(local.tags) : merge({ key = key, value = local.tags[key] }, local.given.additional_tag_map)]
}
output "descriptors" {
  value = local.descriptors
}
output "normalized_context" {
  value = local.normal
}
output "context" {
  value = local.given
}
