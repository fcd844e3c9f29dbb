print("landau")
