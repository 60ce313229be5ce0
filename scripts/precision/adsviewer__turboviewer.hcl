
platform {
  organization = "adsviewer"
  regions      = ["us-east-1"]
}


account "management" {
  kind = "management"

  workspace "infrastructure/environments/management" {
    path      = "infrastructure/environments/management"
    workspace = "management"
  }
}

account "development account" {
  kind     = "development"
  workspace "infrastructure/environments/local" {
    path      = "infrastructure/environments/local"
    workspace = "local"
  }
}

account "production account" {
  kind     = "production"
  workspace "infrastructure/environments/prod" {
    path      = "infrastructure/environments/prod"
    workspace = "prod"
  }
}
