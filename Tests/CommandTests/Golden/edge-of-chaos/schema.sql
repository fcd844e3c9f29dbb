CREATE TABLE checkpoints (chain TEXT PRIMARY KEY NOT NULL, state BLOB NOT NULL)
CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)
CREATE TABLE observations ("identity" TEXT PRIMARY KEY NOT NULL, "weightVariance" REAL NOT NULL, "biasVariance" REAL NOT NULL, "activation" TEXT NOT NULL, "leak" REAL NOT NULL, "width" INTEGER NOT NULL, "depth" INTEGER NOT NULL, "inputVariance" REAL NOT NULL, "inputCorrelation" REAL NOT NULL, "replica" INTEGER NOT NULL, "direction" TEXT NOT NULL, "outcome" TEXT NOT NULL, "reason" TEXT NOT NULL, "seconds" REAL NOT NULL, "phase" REAL, "lyapunovExponent" REAL, "correlation" REAL, "variance" REAL, "checksum" INTEGER, "trajectory_checksum" INTEGER) WITHOUT ROWID
CREATE TABLE provenance (run INTEGER PRIMARY KEY, spec TEXT NOT NULL, spec_hash TEXT NOT NULL,
    overrides TEXT NOT NULL, physics TEXT NOT NULL, tool_version TEXT NOT NULL, seed TEXT NOT NULL,
    generator TEXT NOT NULL, kernel TEXT NOT NULL, host TEXT NOT NULL, command_line TEXT NOT NULL,
    started TEXT NOT NULL)
CREATE TABLE trajectories ("identity" TEXT NOT NULL, "step" INTEGER NOT NULL, "correlation" REAL, "variance" REAL, PRIMARY KEY ("identity", "step")) WITHOUT ROWID
