
platform {
  regions = ["us-east-1", "us-west-2"]
}

account "mgmt" {
  kind = "management"
  id   = "533266992459"

  workspace "accounts/mgmt/dev" {
    path = "accounts/mgmt/dev"
  }

  workspace "capabilities/org/dev" {
    path = "capabilities/org/dev"
  }

  workspace "capabilities/sso/dev" {
    path = "capabilities/sso/dev"
  }

  workspace "capabilities/tf-state-backend/dev" {
    path = "capabilities/tf-state-backend/dev"
  }
}

account "mgmt-339712815005" {
  kind = "management"
  id   = "339712815005"

  workspace "accounts/mgmt/prod" {
    path = "accounts/mgmt/prod"
  }

  workspace "capabilities/org/prod" {
    path = "capabilities/org/prod"
  }

  workspace "capabilities/sso/prod" {
    path = "capabilities/sso/prod"
  }

  workspace "capabilities/tf-state-backend/prod" {
    path = "capabilities/tf-state-backend/prod"
  }
}

account "sec" {
  kind = "security"
  id   = "891377308296"

  workspace "accounts/sec/dev" {
    path = "accounts/sec/dev"
  }
}

account "sec-590183735431" {
  kind = "security"
  id   = "590183735431"

  workspace "accounts/sec/prod" {
    path = "accounts/sec/prod"
  }
}

workspace "capabilities/cloudtrail/dev" {
  path = "capabilities/cloudtrail/dev"
}

workspace "capabilities/cloudtrail/prod" {
  path = "capabilities/cloudtrail/prod"
}

workspace "capabilities/config/dev" {
  path = "capabilities/config/dev"
}

workspace "capabilities/config/prod" {
  path = "capabilities/config/prod"
}

workspace "capabilities/guardduty/dev" {
  path = "capabilities/guardduty/dev"
}

workspace "capabilities/guardduty/prod" {
  path = "capabilities/guardduty/prod"
}
