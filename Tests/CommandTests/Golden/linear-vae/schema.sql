CREATE TABLE checkpoints (chain TEXT PRIMARY KEY NOT NULL, state BLOB NOT NULL)
CREATE VIEW free_energy AS SELECT "beta", "latent", "decoderVariance", "encoderVariance", "posterior", "replica", MIN(MIN(COALESCE("loss", "zeroNetLoss"), COALESCE("zeroNetLoss", "loss"))) AS free_energy FROM observations WHERE outcome IN ('converged', 'completed') GROUP BY "beta", "latent", "decoderVariance", "encoderVariance", "posterior", "replica"
CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)
CREATE TABLE observations ("identity" TEXT PRIMARY KEY NOT NULL, "beta" REAL NOT NULL, "latent" INTEGER NOT NULL, "decoderVariance" REAL NOT NULL, "encoderVariance" REAL NOT NULL, "posterior" TEXT NOT NULL, "replica" INTEGER NOT NULL, "direction" TEXT NOT NULL, "outcome" TEXT NOT NULL, "reason" TEXT NOT NULL, "seconds" REAL NOT NULL, "loss" REAL, "lossSlope" REAL, "lossCurvature" REAL, "zeroNetLoss" REAL, "distortion" REAL, "divergence" REAL, "decoderSquaredNorm" REAL, "activeModes" REAL, "meanDeviation" REAL, "gradientNorm" REAL, "lowestCurvature" REAL, "trainingSteps" REAL, "mode_1" REAL, "mode_2" REAL, "mode_3" REAL, "mode_4" REAL, "mode_5" REAL, "mode_6" REAL, "mode_7" REAL, "mode_8" REAL, "checksum" INTEGER) WITHOUT ROWID
CREATE TABLE provenance (run INTEGER PRIMARY KEY, spec TEXT NOT NULL, spec_hash TEXT NOT NULL,
    overrides TEXT NOT NULL, physics TEXT NOT NULL, tool_version TEXT NOT NULL, seed TEXT NOT NULL,
    generator TEXT NOT NULL, kernel TEXT NOT NULL, host TEXT NOT NULL, command_line TEXT NOT NULL,
    started TEXT NOT NULL)
CREATE TABLE trajectories ("identity" TEXT NOT NULL, "step" INTEGER NOT NULL, PRIMARY KEY ("identity", "step")) WITHOUT ROWID
