
platform {
  regions = ["af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ca-central-1", "eu-central-1", "eu-north-1", "eu-south-1", "eu-west-1", "eu-west-2", "eu-west-3", "me-south-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"]
}

account "Alfresco non-prod" {
  external = true
}

account "CICA Development" {
  kind     = "development"
  external = true
}

account "CICA Production" {
  kind     = "production"
  external = true
}

account "CICA Shared Services" {
  external = true
}

account "CICA UAT" {
  external = true
}

account "Cloud Platform" {
  external = true
}

account "Cloud Platform Ephemeral Test" {
  external = true
}

account "Electronic Monitoring Acquisitive Crime Dev" {
  kind     = "development"
  external = true
}

account "Electronic Monitoring Acquisitive Crime Preprod" {
  external = true
}

account "Electronic Monitoring Acquisitive Crime Production" {
  kind     = "production"
  external = true
}

account "Electronic Monitoring Acquisitive Crime Test" {
  external = true
}

account "Electronic Monitoring Identity & Access Management" {
  external = true
}

account "Electronic Monitoring Acquisitive Crime Training" {
  external = true
}

account "Electronic Monitoring Shared Logging" {
  external = true
}

account "HMPPS Co-Financing Organisation" {
  external = true
}

account "HMPPS CR Jira production" {
  kind     = "production"
  external = true
}

account "HMPPS CR Unpaid Work non-production" {
  external = true
}

account "HMPPS CR Unpaid Work production" {
  kind     = "production"
  external = true
}

account "HMPPS Delius MIS non prod" {
  external = true
}

account "HMPPS Delius Pre Production" {
  external = true
}

account "HMPPS Delius Stage" {
  kind     = "staging"
  external = true
}

account "HMPPS Delius Test" {
  external = true
}

account "HMPPS Delius Training" {
  external = true
}

account "HMPPS Engineering Production" {
  kind     = "production"
  external = true
}

account "HMPPS Probation Production" {
  kind     = "production"
  external = true
}

account "HMPPS Victim Case Management System Pre Production" {
  external = true
}

account "HMPPS Victim Case Management System Production" {
  external = true
}

account "HMPPS Victim Case Management System Test" {
  kind     = "management"
  external = true
}

account "Justice Engineering AI Services" {
  external = true
}

account "LAA CloudTrail" {
  external = true
}

account "LAA Development" {
  kind     = "development"
  external = true
}

account "LAA Shared services" {
  external = true
}

account "LAA Staging" {
  kind     = "staging"
  external = true
}

account "LAA Test" {
  external = true
}

account "LAA UAT" {
  external = true
}

account "Modernisation Platform" {
  external = true
}

account "MoJ Digital Services" {
  external = true
}

account "MOJ LPA Development" {
  kind     = "development"
  external = true
}

account "MOJ LPA Preproduction" {
  external = true
}

account "MOJ Official (Development)" {
  kind     = "development"
  external = true
}

account "MOJ Official (Pre-Production)" {
  external = true
}

account "MOJ Official (Production)" {
  kind     = "production"
  external = true
}

account "MOJ Official (Public Key Infrastructure)" {
  external = true
}

account "MOJ Official (Public Key Infrastructure Dev)" {
  kind     = "development"
  external = true
}

account "MOJ Official (Shared Services)" {
  external = true
}

account "MoJ OPG DigiCop Development" {
  kind     = "development"
  external = true
}

account "MoJ OPG DigiCop Preproduction" {
  external = true
}

account "MoJ OPG DigiCop Production" {
  kind     = "production"
  external = true
}

account "MoJ OPG Identity" {
  kind     = "iam-service"
  external = true
}

account "opg-lpa-data-store-preproduction" {
  external = true
}

account "opg-lpa-data-store-production" {
  kind     = "production"
  external = true
}

account "MOJ OPG LPA Production" {
  kind     = "production"
  external = true
}

account "MOJ OPG LPA Refunds Production" {
  kind     = "production"
  external = true
}

account "MoJ OPG Management" {
  kind     = "management"
  external = true
}

account "MoJ OPG Sandbox" {
  kind     = "sandbox"
  external = true
}

account "MoJ OPG Shared Development" {
  kind     = "development"
  external = true
}

account "MoJ OPG Shared Production" {
  kind     = "production"
  external = true
}

account "MoJ OPG Sirius Preproduction" {
  external = true
}

account "Network Architecture" {
  kind     = "network"
  external = true
}

account "OPG Backups" {
  external = true
}

account "OPG Digi Deps Dev" {
  kind     = "development"
  external = true
}

account "OPG Digi Deps Preprod" {
  external = true
}

account "OPG Digi Deps Prod" {
  kind     = "production"
  external = true
}

account "OPG LPA Production" {
  kind     = "production"
  external = true
}

account "OPG Modernising LPA Development" {
  kind     = "development"
  external = true
}

account "OPG Modernising LPA PreProduction" {
  external = true
}

account "OPG Modernising LPA Production" {
  kind     = "production"
  external = true
}

account "opg-refund-production" {
  kind     = "production"
  external = true
}

account "opg-shared" {
  external = true
}

account "OPG Sirius Backup" {
  external = true
}

account "opg-sirius-dev" {
  kind     = "development"
  external = true
}

account "OPG Sirius Production" {
  kind     = "production"
  external = true
}

account "OPG Use My LPA Development" {
  kind     = "development"
  external = true
}

account "OPG Use My LPA Preproduction" {
  external = true
}

account "OPG Use My LPA Production" {
  kind     = "production"
  external = true
}

account "organisation-security" {
  kind     = "security"
  external = true
}

account "Probation" {
  external = true
}

account "Probation Management non-prod" {
  external = true
}

account "Public Sector Prison Industries" {
  external = true
}

account "Security Operations Pre Production" {
  external = true
}

account "VCMS non-prod" {
  external = true
}

account "Workplace Tech Proof Of Concept Development" {
  kind     = "development"
  external = true
}

workspace "management-account/terraform" {
  account = "management"
  path = "management-account/terraform"
}

workspace "organisation-security/terraform" {
  account = "security"
  path = "organisation-security/terraform"
}

account "management" {
  kind = "management"
}
account "security" {
  kind = "security"
}
rule "AL802" {
  severity = "off"
}
