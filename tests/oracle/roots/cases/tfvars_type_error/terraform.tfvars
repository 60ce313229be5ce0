size = ["not a number"]
