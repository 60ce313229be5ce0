
platform {
  regions = ["us-east-1"]
}

account "development" {
  kind = "development"

  workspace "accounts/development/us-east-1/01-hello-apprunner" {
    path = "accounts/development/us-east-1/01-hello-apprunner"
  }
}

account "log-archive" {
  kind = "log-archive"

  workspace "accounts/log-archive/us-east-1/01-cloudtrail-org" {
    path = "accounts/log-archive/us-east-1/01-cloudtrail-org"
  }
}

account "management" {
  kind = "management"

  workspace "accounts/management/global/00-terraform-state-security" {
    path = "accounts/management/global/00-terraform-state-security"
  }

  workspace "accounts/management/global/01-organizations" {
    path = "accounts/management/global/01-organizations"
  }

  workspace "accounts/management/global/02-aws-sso" {
    path = "accounts/management/global/02-aws-sso"
  }

  workspace "accounts/management/global/03-billing-alarms" {
    path = "accounts/management/global/03-billing-alarms"
  }

  workspace "accounts/management/global/03-iam-security" {
    path = "accounts/management/global/03-iam-security"
  }
}

account "production" {
  kind = "production"

  workspace "accounts/production/us-east-1/00-ebs-encryption" {
    path = "accounts/production/us-east-1/00-ebs-encryption"
  }

  workspace "accounts/production/us-east-1/00-eks-secrets-encryption" {
    path = "accounts/production/us-east-1/00-eks-secrets-encryption"
  }

  workspace "accounts/production/us-east-1/00-terraform-execution-role" {
    path = "accounts/production/us-east-1/00-terraform-execution-role"
  }

  workspace "accounts/production/us-east-1/01-networking" {
    path = "accounts/production/us-east-1/01-networking"
  }

  workspace "accounts/production/us-east-1/03-bastion-host" {
    path = "accounts/production/us-east-1/03-bastion-host"
  }

  workspace "accounts/production/us-east-1/03-eks-cluster" {
    path = "accounts/production/us-east-1/03-eks-cluster"
  }

  workspace "accounts/production/us-east-1/04-eks-addons" {
    path = "accounts/production/us-east-1/04-eks-addons"
  }
}

account "services" {
  kind = "artifact"

  workspace "accounts/services/us-east-1/01-ecr-kms" {
    path = "accounts/services/us-east-1/01-ecr-kms"
  }

  workspace "accounts/services/us-east-1/02-ecr-repositories" {
    path = "accounts/services/us-east-1/02-ecr-repositories"
  }
}

account "jp-terraform-showcase-backup" {
  kind = "backup"
  external = true
}

account "jp-terraform-showcase-monitoring" {
  kind = "monitoring"
  external = true
}

account "jp-terraform-showcase-networking" {
  kind     = "network"
  external = true
}

account "jp-terraform-showcase-sandbox" {
  kind     = "sandbox"
  external = true
}

account "jp-terraform-showcase-staging" {
  kind     = "staging"
  external = true
}
