"""What Makefiles, scripts and workflows say of how Terraform is run: read as data, nothing is run."""
