// GSLNumerics
