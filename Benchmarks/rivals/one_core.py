"""Confines the process and its children to one processor and one thread. Imported before any numerical library."""

import os

os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
for _variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_variable] = "1"
