"""What is wrong with a configuration before anything in it is evaluated: what `terraform validate` refuses."""
