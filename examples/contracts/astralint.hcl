# A platform of five accounts, and what its team holds to without a line of Python.
# `astralint check .` in this directory says where the code differs.

account "org-root" {
  kind = "management"

  workspace "org-root" {
    path = "org-root"
  }
}

account "id" {
  kind = "identity"

  workspace "id" {
    path = "id"
  }
}

account "infra" {
  kind = "infrastructure"

  workspace "infra" {
    path = "infra"
  }
}

account "prod" {
  kind = "production"

  workspace "prod" {
    path = "prod"
  }
}

account "sandbox" {
  kind = "sandbox"
  id   = "210000000015"

  workspace "sandbox" {
    path = "sandbox"
  }
}

contract "placement" "people are users of the id account" {
  resources = ["aws_iam_user", "aws_iam_group"]
  accounts  = ["id"]
  reason    = "whoever leaves is removed in one place"
}

contract "placement" "images are kept once" {
  resources = ["aws_ecr_repository"]
  accounts  = ["infra"]

  except "the experiment of autumn" {
    subjects = ["aws_ecr_repository.experiment"]
    until    = "2027-03-31"
  }
}

contract "forbidden-trust" "nobody of the sandbox comes into production" {
  from = ["sandbox"]
  to   = ["prod"]
}

contract "layers" "what administers is above what is administered" {
  layers = ["org-root", "id", "infra", "prod"]
}

contract "protected" "only people of id enter the management account" {
  to        = ["org-root"]
  only_from = ["id"]
}

contract "required" "each workload account blocks public buckets" {
  accounts  = ["prod", "sandbox"]
  resources = ["aws_s3_account_public_access_block"]
  where     = { block_public_policy = true }
}

contract "naming" "buckets say whose they are" {
  resources = ["aws_s3_bucket"]
  attribute = "bucket"
  pattern   = "acme-{account}-[a-z-]+"
}

contract "no-access" "only the archivist deletes what is archived" {
  actions   = ["s3:DeleteObject"]
  resources = ["aws_s3_bucket"]
  where     = { bucket = "*-archive" }
  only      = ["prod/archivist"]
}
