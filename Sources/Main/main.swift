import LandauCommand

Landau.main()
