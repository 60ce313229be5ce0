module "level1" {
  source = "./level1"
  prefix = "root"
}

output "deep" {
  value = module.level1.deep
}

output "paths" {
  value = module.level1.paths
}
