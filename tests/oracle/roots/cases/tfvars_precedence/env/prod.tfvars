e = "file"
f = "file"
