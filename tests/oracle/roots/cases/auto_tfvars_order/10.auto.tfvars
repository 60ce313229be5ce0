a = "ten"
b = "ten"
c = "ten"
d = ["ten"]
