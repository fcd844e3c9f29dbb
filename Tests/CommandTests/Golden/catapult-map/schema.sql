CREATE TABLE checkpoints (chain TEXT PRIMARY KEY NOT NULL, state BLOB NOT NULL)
CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)
CREATE TABLE observations ("identity" TEXT PRIMARY KEY NOT NULL, "relativeRate" REAL NOT NULL, "squaredResidual" REAL NOT NULL, "decay" REAL NOT NULL, "schedule" TEXT NOT NULL, "steps" INTEGER NOT NULL, "replica" INTEGER NOT NULL, "direction" TEXT NOT NULL, "outcome" TEXT NOT NULL, "reason" TEXT NOT NULL, "seconds" REAL NOT NULL, "regime" REAL, "finalRate" REAL, "peak" REAL, "lyapunovExponent" REAL, "flatteningRate" REAL, "checksum" INTEGER) WITHOUT ROWID
CREATE TABLE provenance (run INTEGER PRIMARY KEY, spec TEXT NOT NULL, spec_hash TEXT NOT NULL,
    overrides TEXT NOT NULL, physics TEXT NOT NULL, tool_version TEXT NOT NULL, seed TEXT NOT NULL,
    generator TEXT NOT NULL, kernel TEXT NOT NULL, host TEXT NOT NULL, command_line TEXT NOT NULL,
    started TEXT NOT NULL)
CREATE TABLE trajectories ("identity" TEXT NOT NULL, "step" INTEGER NOT NULL, PRIMARY KEY ("identity", "step")) WITHOUT ROWID
