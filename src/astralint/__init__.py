"""astralint: the architecture of an AWS organization, checked in its Terraform."""

__version__ = "0.1.0"
