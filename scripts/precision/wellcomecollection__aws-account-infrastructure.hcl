
platform {
  regions = ["eu-west-1"]
}

account "catalogue" {
  kind = "production"
  id = "756629837203"

  workspace "accounts/catalogue" {
    path = "accounts/catalogue"
  }
}

account "data" {
  kind = "data"
  id   = "964279923020"

  workspace "accounts/data" {
    path = "accounts/data"
  }
}

account "digirati" {
  kind = "partner"
  id = "653428163053"

  workspace "accounts/digirati" {
    path = "accounts/digirati"
  }
}

account "digitisation" {
  kind = "digitisation"
  id = "404315009621"

  workspace "accounts/digitisation" {
    path = "accounts/digitisation"
  }
}

account "experience" {
  kind = "web"
  id = "130871440101"

  workspace "accounts/experience" {
    path = "accounts/experience"
  }
}

account "identity" {
  kind = "identity"
  id   = "770700576653"

  workspace "accounts/identity" {
    path = "accounts/identity"
  }
}

account "microsites" {
  kind = "web"
  id = "782179017633"

  workspace "accounts/microsites" {
    path = "accounts/microsites"
  }
}

account "platform" {
  kind = "artifact"
  id = "760097843905"

  workspace "accounts/platform" {
    path = "accounts/platform"
  }
}

account "reporting" {
  kind = "data"
  id = "269807742353"

  workspace "accounts/reporting" {
    path = "accounts/reporting"
  }
}

account "storage" {
  kind = "storage"
  id = "975596993436"

  workspace "accounts/storage" {
    path = "accounts/storage"
  }
}

account "systems_strategy" {
  kind = "strategy"
  id = "487094370410"

  workspace "accounts/systems_strategy" {
    path = "accounts/systems_strategy"
  }
}

account "workflow" {
  kind = "workflow"
  id = "299497370133"

  workspace "accounts/workflow" {
    path = "accounts/workflow"
  }
}

vendor "cloudhealth" {
  accounts = ["454464851268"]
}
vendor "qualys" {
  accounts = ["805950163170"]
}
vendor "threataware" {
  accounts = ["856494794361"]
}
