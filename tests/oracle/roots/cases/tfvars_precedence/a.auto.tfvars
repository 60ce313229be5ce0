d = "auto"
e = "auto"
f = "auto"
