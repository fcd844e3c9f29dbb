// TinyNets
