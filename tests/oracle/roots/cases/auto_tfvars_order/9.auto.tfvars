a          = "nine"
b          = "nine"
c          = "nine"
undeclared = "a warning"
