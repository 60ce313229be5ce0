
platform {
  regions = ["eu-west-2"]
}

account "production" {
  kind = "production"
  id   = "165835313193"

  workspace "terraform/environmental:production" {
    path      = "terraform/environmental"
    var_files = ["terraform/environmental/env/production.tfvars"]
  }
}

account "sandbox" {
  kind = "sandbox"
  id   = "645275603781"

  workspace "terraform/environmental:sandbox" {
    path      = "terraform/environmental"
    var_files = ["terraform/environmental/env/sandbox.tfvars"]
  }
}

account "staging" {
  kind = "staging"
  id   = "208318252599"

  workspace "terraform/environmental:staging" {
    path      = "terraform/environmental"
    var_files = ["terraform/environmental/env/staging.tfvars"]
  }
}

account "uat" {
  kind = "testing"
  id   = "393766496546"

  workspace "terraform/environmental:uat" {
    path      = "terraform/environmental"
    var_files = ["terraform/environmental/env/uat.tfvars"]
  }
}

account "088994864650" {
  kind = "artifact"
  id = "088994864650"

  workspace "terraform/shared-services" {
    path      = "terraform/shared-services"
    var_files = ["terraform/shared-services/env/shared-services.tfvars"]
  }
}

workspace "terraform/identity-center" {
  account = "management"
  path = "terraform/identity-center"
}

account "management" {
  kind = "management"
}
