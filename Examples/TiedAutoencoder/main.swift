import LandauCommand
import Models

register(TiedAutoencoder.self)
Landau.main()
