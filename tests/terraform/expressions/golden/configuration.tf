resource "terraform_data" "s" {}

resource "terraform_data" "n" {
  input = 1
}

resource "terraform_data" "b" {
  input = true
}

resource "terraform_data" "l" {
  input = tolist(["a"])
}

resource "terraform_data" "e" {
  input = toset(["a"])
}

resource "terraform_data" "m" {
  input = tomap({ a = "b" })
}

resource "terraform_data" "o" {
  input = { a = "b", n = 1 }
}

resource "terraform_data" "t" {
  input = ["a", 1]
}

locals {
  us = terraform_data.s.id
  un = terraform_data.n.output
  ub = terraform_data.b.output
  ul = terraform_data.l.output
  ue = terraform_data.e.output
  um = terraform_data.m.output
  uo = terraform_data.o.output
  ut = terraform_data.t.output
  ud = jsondecode(terraform_data.s.id)

  text   = "hello"
  ten    = 10
  object = { name = "x", size = 3, tags = { a = "1", "b-c" = "2" }, list = [{ id = 1 }, { id = 2 }], none = null }
  list   = tolist(["a", "b", "c"])
  map    = tomap({ a = "x", b = "y" })
  set    = toset(["p", "q"])
  nested = tolist([tolist([{ id = "1" }]), tolist([{ id = "2" }, { id = "3" }])])
  nothing = null
  secret  = sensitive("s3cr3t")
  secrets = sensitive({ a = 1, list = ["x", "y"] })
  partly  = { a = sensitive(1), b = 2, c = [sensitive("x"), "y"] }
}
