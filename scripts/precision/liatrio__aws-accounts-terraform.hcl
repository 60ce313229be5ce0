
platform {
}

account "infosec" {
  kind = "identity"

  workspace "accounts/infosec" {
    path = "accounts/infosec"
  }
}

account "non-prod" {
  kind = "staging"

  workspace "accounts/non-prod" {
    path = "accounts/non-prod"
  }

  workspace "environments/non-prod" {
    path = "environments/non-prod"
  }
}

account "prod" {
  kind = "production"

  workspace "accounts/prod" {
    path = "accounts/prod"
  }

  workspace "environments/prod" {
    path = "environments/prod"
  }
}

account "InfoSec Account" {
  kind = "identity"
  external = true
}

account "Non-Production Account" {
  external = true
}

account "Production Account" {
  kind     = "production"
  external = true
}

workspace "master/organization" {
  account = "master"
  path = "master/organization"
}

workspace "master/organization/overrides" {
  account = "master"
  path = "master/organization/overrides"
}

workspace "master/temp-admin" {
  account = "master"
  path = "master/temp-admin"
}

workspace "utility/one-time-login" {
  path = "utility/one-time-login"
}

account "master" {
  kind = "management"
}
