
platform {
  regions = ["ca-central-1", "us-east-1"]
}

account "apps-prd" {
  kind = "production"

  workspace "apps-prd/global/base-identities" {
    path = "apps-prd/global/base-identities"
  }

  workspace "apps-prd/us-east-1/app-ai-lab" {
    path = "apps-prd/us-east-1/app-ai-lab"
  }

  workspace "apps-prd/us-east-1/app-aws-startups-accelerate" {
    path = "apps-prd/us-east-1/app-aws-startups-accelerate"
  }

  workspace "apps-prd/us-east-1/app-binbash-web" {
    path = "apps-prd/us-east-1/app-binbash-web"
  }

  workspace "apps-prd/us-east-1/backups --" {
    path = "apps-prd/us-east-1/backups --"
  }

  workspace "apps-prd/us-east-1/base-network" {
    path = "apps-prd/us-east-1/base-network"
  }

  workspace "apps-prd/us-east-1/base-tf-backend" {
    path = "apps-prd/us-east-1/base-tf-backend"
  }

  workspace "apps-prd/us-east-1/cdn-s3-frontend --" {
    path = "apps-prd/us-east-1/cdn-s3-frontend --"
  }

  workspace "apps-prd/us-east-1/ec2-fleet --" {
    path = "apps-prd/us-east-1/ec2-fleet --"
  }

  workspace "apps-prd/us-east-1/notifications" {
    path = "apps-prd/us-east-1/notifications"
  }

  workspace "apps-prd/us-east-1/security-base" {
    path = "apps-prd/us-east-1/security-base"
  }

  workspace "apps-prd/us-east-1/security-certs" {
    path = "apps-prd/us-east-1/security-certs"
  }

  workspace "apps-prd/us-east-1/security-compliance --" {
    path = "apps-prd/us-east-1/security-compliance --"
  }

  workspace "apps-prd/us-east-1/security-keys" {
    path = "apps-prd/us-east-1/security-keys"
  }
}

account "data-science" {
  kind = "data"

  workspace "data-science/global/base-identities" {
    path = "data-science/global/base-identities"
  }

  workspace "data-science/us-east-1/airflow-- " {
    path = "data-science/us-east-1/airflow-- "
  }

  workspace "data-science/us-east-1/airflow-scheduled--" {
    path = "data-science/us-east-1/airflow-scheduled--"
  }

  workspace "data-science/us-east-1/base-network" {
    path = "data-science/us-east-1/base-network"
  }

  workspace "data-science/us-east-1/base-tf-backend" {
    path = "data-science/us-east-1/base-tf-backend"
  }

  workspace "data-science/us-east-1/bedrock-agent--" {
    path = "data-science/us-east-1/bedrock-agent--"
  }

  workspace "data-science/us-east-1/bedrock-agent-kyb" {
    path = "data-science/us-east-1/bedrock-agent-kyb"
  }

  workspace "data-science/us-east-1/bedrock-agentcore" {
    path = "data-science/us-east-1/bedrock-agentcore"
  }

  workspace "data-science/us-east-1/bedrock-kyb-bda" {
    path = "data-science/us-east-1/bedrock-kyb-bda"
  }

  workspace "data-science/us-east-1/databases-aurora-mysql--" {
    path = "data-science/us-east-1/databases-aurora-mysql--"
  }

  workspace "data-science/us-east-1/datalake-demo--" {
    path = "data-science/us-east-1/datalake-demo--"
  }

  workspace "data-science/us-east-1/genai-llm-rag-bedrock-full--" {
    path = "data-science/us-east-1/genai-llm-rag-bedrock-full--"
  }

  workspace "data-science/us-east-1/genai-llm-rag-bedrock-poc--" {
    path = "data-science/us-east-1/genai-llm-rag-bedrock-poc--"
  }

  workspace "data-science/us-east-1/lakehouse-demo--" {
    path = "data-science/us-east-1/lakehouse-demo--"
  }

  workspace "data-science/us-east-1/notifications" {
    path = "data-science/us-east-1/notifications"
  }

  workspace "data-science/us-east-1/secrets-manager" {
    path = "data-science/us-east-1/secrets-manager"
  }

  workspace "data-science/us-east-1/security-base" {
    path = "data-science/us-east-1/security-base"
  }

  workspace "data-science/us-east-1/security-certs" {
    path = "data-science/us-east-1/security-certs"
  }

  workspace "data-science/us-east-1/security-keys" {
    path = "data-science/us-east-1/security-keys"
  }

  workspace "data-science/us-east-1/workflow-order-processing--" {
    path = "data-science/us-east-1/workflow-order-processing--"
  }
}

account "management" {
  kind = "management"

  workspace "management/global/base-identities" {
    path = "management/global/base-identities"
  }

  workspace "management/global/cost-mgmt" {
    path = "management/global/cost-mgmt"
  }

  workspace "management/global/cost-report" {
    path = "management/global/cost-report"
  }

  workspace "management/global/organizations" {
    path = "management/global/organizations"
  }

  workspace "management/global/sso" {
    path = "management/global/sso"
  }

  workspace "management/us-east-1/backups" {
    path = "management/us-east-1/backups"
  }

  workspace "management/us-east-1/base-tf-backend" {
    path = "management/us-east-1/base-tf-backend"
  }

  workspace "management/us-east-1/firewall-manager" {
    path = "management/us-east-1/firewall-manager"
  }

  workspace "management/us-east-1/notifications" {
    path = "management/us-east-1/notifications"
  }

  workspace "management/us-east-1/security-base" {
    path = "management/us-east-1/security-base"
  }

  workspace "management/us-east-1/security-compliance" {
    path = "management/us-east-1/security-compliance"
  }

  workspace "management/us-east-1/security-hub --" {
    path = "management/us-east-1/security-hub --"
  }

  workspace "management/us-east-1/security-keys" {
    path = "management/us-east-1/security-keys"
  }

  workspace "management/us-east-1/security-monitoring --" {
    path = "management/us-east-1/security-monitoring --"
  }

  workspace "management/us-east-2/security-monitoring --" {
    path = "management/us-east-2/security-monitoring --"
  }
}

account "network" {
  kind = "network"

  workspace "network/global/base-identities" {
    path = "network/global/base-identities"
  }

  workspace "network/us-east-1/base-network" {
    path = "network/us-east-1/base-network"
  }

  workspace "network/us-east-1/base-tf-backend" {
    path = "network/us-east-1/base-tf-backend"
  }

  workspace "network/us-east-1/client-vpn" {
    path = "network/us-east-1/client-vpn"
  }

  workspace "network/us-east-1/network-firewall --" {
    path = "network/us-east-1/network-firewall --"
  }

  workspace "network/us-east-1/notifications" {
    path = "network/us-east-1/notifications"
  }

  workspace "network/us-east-1/security-base" {
    path = "network/us-east-1/security-base"
  }

  workspace "network/us-east-1/security-certs" {
    path = "network/us-east-1/security-certs"
  }

  workspace "network/us-east-1/security-compliance --" {
    path = "network/us-east-1/security-compliance --"
  }

  workspace "network/us-east-1/security-keys" {
    path = "network/us-east-1/security-keys"
  }

  workspace "network/us-east-1/transit-gateway" {
    path = "network/us-east-1/transit-gateway"
  }

  workspace "network/us-east-2/base-network" {
    path = "network/us-east-2/base-network"
  }

  workspace "network/us-east-2/network-firewall --" {
    path = "network/us-east-2/network-firewall --"
  }

  workspace "network/us-east-2/security-compliance --" {
    path = "network/us-east-2/security-compliance --"
  }

  workspace "network/us-east-2/security-keys" {
    path = "network/us-east-2/security-keys"
  }

  workspace "network/us-east-2/transit-gateway" {
    path = "network/us-east-2/transit-gateway"
  }
}

account "security" {
  kind = "security"

  workspace "security/global/base-identities" {
    path = "security/global/base-identities"
  }

  workspace "security/us-east-1/base-network" {
    path = "security/us-east-1/base-network"
  }

  workspace "security/us-east-1/base-tf-backend" {
    path = "security/us-east-1/base-tf-backend"
  }

  workspace "security/us-east-1/firewall-manager --" {
    path = "security/us-east-1/firewall-manager --"
  }

  workspace "security/us-east-1/notifications" {
    path = "security/us-east-1/notifications"
  }

  workspace "security/us-east-1/security-audit" {
    path = "security/us-east-1/security-audit"
  }

  workspace "security/us-east-1/security-base" {
    path = "security/us-east-1/security-base"
  }

  workspace "security/us-east-1/security-compliance --" {
    path = "security/us-east-1/security-compliance --"
  }

  workspace "security/us-east-1/security-hub --" {
    path = "security/us-east-1/security-hub --"
  }

  workspace "security/us-east-1/security-keys" {
    path = "security/us-east-1/security-keys"
  }

  workspace "security/us-east-1/security-monitoring --" {
    path = "security/us-east-1/security-monitoring --"
  }

  workspace "security/us-east-1/tools-wazuh --" {
    path = "security/us-east-1/tools-wazuh --"
  }

  workspace "security/us-east-2/security-audit" {
    path = "security/us-east-2/security-audit"
  }

  workspace "security/us-east-2/security-compliance --" {
    path = "security/us-east-2/security-compliance --"
  }

  workspace "security/us-east-2/security-monitoring --" {
    path = "security/us-east-2/security-monitoring --"
  }
}

workspace "apps-devstg/global/base-identities" {
  account = "apps-devstg"
  path = "apps-devstg/global/base-identities"
}

workspace "apps-devstg/global/cli-test-layer" {
  account = "apps-devstg"
  path = "apps-devstg/global/cli-test-layer"
}

workspace "apps-devstg/us-east-1/alb-logs-s3-bucket --" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/alb-logs-s3-bucket --"
}

workspace "apps-devstg/us-east-1/aws-cloudwatch-synthetics --" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/aws-cloudwatch-synthetics --"
}

workspace "apps-devstg/us-east-1/backups --" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/backups --"
}

workspace "apps-devstg/us-east-1/base-network" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/base-network"
}

workspace "apps-devstg/us-east-1/base-tf-backend" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/base-tf-backend"
}

workspace "apps-devstg/us-east-1/cdn-s3-frontend --" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/cdn-s3-frontend --"
}

workspace "apps-devstg/us-east-1/databases-aurora --" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/databases-aurora --"
}

workspace "apps-devstg/us-east-1/databases-aurora --/rds-export-to-s3" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/databases-aurora --/rds-export-to-s3"
}

workspace "apps-devstg/us-east-1/databases-aurora-pgsql --" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/databases-aurora-pgsql --"
}

workspace "apps-devstg/us-east-1/databases-dynamodb--" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/databases-dynamodb--"
}

workspace "apps-devstg/us-east-1/databases-mysql --" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/databases-mysql --"
}

workspace "apps-devstg/us-east-1/databases-mysql --/rds-export-to-s3" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/databases-mysql --/rds-export-to-s3"
}

workspace "apps-devstg/us-east-1/databases-pgsql --" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/databases-pgsql --"
}

workspace "apps-devstg/us-east-1/datalake--" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/datalake--"
}

workspace "apps-devstg/us-east-1/dynamodb-access-rules-demoapps --" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/dynamodb-access-rules-demoapps --"
}

workspace "apps-devstg/us-east-1/ec2-fleet-ansible --" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/ec2-fleet-ansible --"
}

workspace "apps-devstg/us-east-1/ecs-demoapps" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/ecs-demoapps"
}

workspace "apps-devstg/us-east-1/elasticache-redis" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/elasticache-redis"
}

workspace "apps-devstg/us-east-1/k8s-eks-demoapps/addons" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/k8s-eks-demoapps/addons"
}

workspace "apps-devstg/us-east-1/k8s-eks-demoapps/cluster" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/k8s-eks-demoapps/cluster"
}

workspace "apps-devstg/us-east-1/k8s-eks-demoapps/identities" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/k8s-eks-demoapps/identities"
}

workspace "apps-devstg/us-east-1/k8s-eks-demoapps/k8s-components" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/k8s-eks-demoapps/k8s-components"
}

workspace "apps-devstg/us-east-1/k8s-eks-demoapps/k8s-workloads" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/k8s-eks-demoapps/k8s-workloads"
}

workspace "apps-devstg/us-east-1/k8s-eks-demoapps/network" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/k8s-eks-demoapps/network"
}

workspace "apps-devstg/us-east-1/k8s-eks-demoapps/secrets" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/k8s-eks-demoapps/secrets"
}

workspace "apps-devstg/us-east-1/k8s-eks-demoapps/storage/efs" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/k8s-eks-demoapps/storage/efs"
}

workspace "apps-devstg/us-east-1/k8s-kind --/k8s-resources" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/k8s-kind --/k8s-resources"
}

workspace "apps-devstg/us-east-1/k8s-kops --/1-prerequisites" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/k8s-kops --/1-prerequisites"
}

workspace "apps-devstg/us-east-1/k8s-kops --/2-kops" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/k8s-kops --/2-kops"
}

workspace "apps-devstg/us-east-1/k8s-kops --/3-extras" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/k8s-kops --/3-extras"
}

workspace "apps-devstg/us-east-1/notifications" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/notifications"
}

workspace "apps-devstg/us-east-1/secrets-manager" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/secrets-manager"
}

workspace "apps-devstg/us-east-1/security-base" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/security-base"
}

workspace "apps-devstg/us-east-1/security-certs" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/security-certs"
}

workspace "apps-devstg/us-east-1/security-compliance --" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/security-compliance --"
}

workspace "apps-devstg/us-east-1/security-firewall --" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/security-firewall --"
}

workspace "apps-devstg/us-east-1/security-keys" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/security-keys"
}

workspace "apps-devstg/us-east-1/storage/s3-bucket-demo-files --" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/storage/s3-bucket-demo-files --"
}

workspace "apps-devstg/us-east-1/tools-apigw-apps-proxy --" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/tools-apigw-apps-proxy --"
}

workspace "apps-devstg/us-east-1/tools-cloud-nuke" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-1/tools-cloud-nuke"
}

workspace "apps-devstg/us-east-2/security-compliance --" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-2/security-compliance --"
}

workspace "apps-devstg/us-east-2/security-keys" {
  account = "apps-devstg"
  path = "apps-devstg/us-east-2/security-keys"
}

workspace "shared/global/base-dns/binbash.co" {
  account = "shared"
  path = "shared/global/base-dns/binbash.co"
}

workspace "shared/global/base-dns/binbash.com.ar" {
  account = "shared"
  path = "shared/global/base-dns/binbash.com.ar"
}

workspace "shared/global/base-dns/leverage.binbash.com.ar" {
  account = "shared"
  path = "shared/global/base-dns/leverage.binbash.com.ar"
}

workspace "shared/global/base-identities" {
  account = "shared"
  path = "shared/global/base-identities"
}

workspace "shared/us-east-1/backups" {
  account = "shared"
  path = "shared/us-east-1/backups"
}

workspace "shared/us-east-1/base-network" {
  account = "shared"
  path = "shared/us-east-1/base-network"
}

workspace "shared/us-east-1/base-tf-backend" {
  account = "shared"
  path = "shared/us-east-1/base-tf-backend"
}

workspace "shared/us-east-1/container-registry" {
  account = "shared"
  path = "shared/us-east-1/container-registry"
}

workspace "shared/us-east-1/ec2-fleet --" {
  account = "shared"
  path = "shared/us-east-1/ec2-fleet --"
}

workspace "shared/us-east-1/ec2-fleet-bastions --" {
  account = "shared"
  path = "shared/us-east-1/ec2-fleet-bastions --"
}

workspace "shared/us-east-1/k8s-eks-demoapps/identities" {
  account = "shared"
  path = "shared/us-east-1/k8s-eks-demoapps/identities"
}

workspace "shared/us-east-1/notifications" {
  account = "shared"
  path = "shared/us-east-1/notifications"
}

workspace "shared/us-east-1/secrets-manager" {
  account = "shared"
  path = "shared/us-east-1/secrets-manager"
}

workspace "shared/us-east-1/security-base" {
  account = "shared"
  path = "shared/us-east-1/security-base"
}

workspace "shared/us-east-1/security-compliance --" {
  account = "shared"
  path = "shared/us-east-1/security-compliance --"
}

workspace "shared/us-east-1/security-keys" {
  account = "shared"
  path = "shared/us-east-1/security-keys"
}

workspace "shared/us-east-1/storage/backup-gdrive --" {
  account = "shared"
  path = "shared/us-east-1/storage/backup-gdrive --"
}

workspace "shared/us-east-1/storage/object-file-shares-for-users-list --" {
  account = "shared"
  path = "shared/us-east-1/storage/object-file-shares-for-users-list --"
}

workspace "shared/us-east-1/storage/object-file-shares-sftp-transfer-service --" {
  account = "shared"
  path = "shared/us-east-1/storage/object-file-shares-sftp-transfer-service --"
}

workspace "shared/us-east-1/tools-atlantis-ecs" {
  account = "shared"
  path = "shared/us-east-1/tools-atlantis-ecs"
}

workspace "shared/us-east-1/tools-cloud-scheduler-stop-start" {
  account = "shared"
  path = "shared/us-east-1/tools-cloud-scheduler-stop-start"
}

workspace "shared/us-east-1/tools-costs-email-notifications" {
  account = "shared"
  path = "shared/us-east-1/tools-costs-email-notifications"
}

workspace "shared/us-east-1/tools-eskibana --" {
  account = "shared"
  path = "shared/us-east-1/tools-eskibana --"
}

workspace "shared/us-east-1/tools-github-selfhosted-runners" {
  account = "shared"
  path = "shared/us-east-1/tools-github-selfhosted-runners"
}

workspace "shared/us-east-1/tools-github-selfhosted-runners/lambdas-download" {
  account = "shared"
  path = "shared/us-east-1/tools-github-selfhosted-runners/lambdas-download"
}

workspace "shared/us-east-1/tools-jenkins --" {
  account = "shared"
  path = "shared/us-east-1/tools-jenkins --"
}

workspace "shared/us-east-1/tools-managedeskibana --" {
  account = "shared"
  path = "shared/us-east-1/tools-managedeskibana --"
}

workspace "shared/us-east-1/tools-prometheus-grafana --" {
  account = "shared"
  path = "shared/us-east-1/tools-prometheus-grafana --"
}

workspace "shared/us-east-1/tools-uptime-monitoring" {
  account = "shared"
  path = "shared/us-east-1/tools-uptime-monitoring"
}

workspace "shared/us-east-1/tools-vault --" {
  account = "shared"
  path = "shared/us-east-1/tools-vault --"
}

workspace "shared/us-east-1/tools-vpn-server" {
  account = "shared"
  path = "shared/us-east-1/tools-vpn-server"
}

workspace "shared/us-east-1/tools-webhooks --" {
  account = "shared"
  path = "shared/us-east-1/tools-webhooks --"
}

workspace "shared/us-east-2/base-network" {
  account = "shared"
  path = "shared/us-east-2/base-network"
}

workspace "shared/us-east-2/container-registry" {
  account = "shared"
  path = "shared/us-east-2/container-registry"
}

workspace "shared/us-east-2/security-compliance --" {
  account = "shared"
  path = "shared/us-east-2/security-compliance --"
}

workspace "shared/us-east-2/security-keys" {
  account = "shared"
  path = "shared/us-east-2/security-keys"
}

workspace "shared/us-east-2/tools-eskibana --" {
  account = "shared"
  path = "shared/us-east-2/tools-eskibana --"
}

workspace "shared/us-east-2/tools-prometheus-grafana --" {
  account = "shared"
  path = "shared/us-east-2/tools-prometheus-grafana --"
}

account "apps-devstg" {
  kind = "staging"
}
account "shared" {
  kind = "artifact"
}
