
platform {
  regions = ["us-east-1", "us-west-2"]
}

account "orgname-id" {
  kind = "identity"

  workspace "orgname-id/admin-global" {
    path = "orgname-id/admin-global"
  }
}

account "orgname-org-root" {
  kind = "management"

  workspace "orgname-org-root/admin-global" {
    path = "orgname-org-root/admin-global"
  }
}

account "orgname-prod" {
  kind = "production"

  workspace "orgname-prod/admin-global" {
    path = "orgname-prod/admin-global"
  }

  workspace "orgname-prod/app-my-webapp-prod" {
    path = "orgname-prod/app-my-webapp-prod"
  }
}

account "orgname-sandbox" {
  kind = "sandbox"

  workspace "orgname-sandbox/admin-global" {
    path = "orgname-sandbox/admin-global"
  }

  workspace "orgname-sandbox/app-my-webapp-dev" {
    path = "orgname-sandbox/app-my-webapp-dev"
  }

  workspace "orgname-sandbox/app-my-webapp-experimental" {
    path = "orgname-sandbox/app-my-webapp-experimental"
  }

  workspace "orgname-sandbox/app-my-webapp-global" {
    path = "orgname-sandbox/app-my-webapp-global"
  }
}

account "orgname-infra" {
  kind = "artifact"
  external = true
}

workspace "orgname-infra/admin-global" {
  account = "orgname-infra"
  path = "orgname-infra/admin-global"
}
