a = "lower"
