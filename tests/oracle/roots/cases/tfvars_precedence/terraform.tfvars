b = "tfvars"
c = "tfvars"
d = "tfvars"
e = "tfvars"
f = "tfvars"
g = { one = "1" }
