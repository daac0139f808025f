"""People's decisions on statements: kept in a file, applied at build, made on a terminal."""
