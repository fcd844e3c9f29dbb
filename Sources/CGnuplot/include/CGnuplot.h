#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A running gnuplot. Text and data are formatted by gnuplot-iostream; the process is started here, without a shell,
/// so that its exit status and everything it prints are known. No function throws or raises SIGPIPE.
typedef struct cgnuplot_session cgnuplot_session;

enum {
    CGNUPLOT_OK = 0,
    /// No program of that name on the search path.
    CGNUPLOT_NOT_FOUND = 1,
    /// The program is there but does not start; the message says why.
    CGNUPLOT_CANNOT_START = 2,
    /// gnuplot no longer reads; `cgnuplot_close` tells why.
    CGNUPLOT_ENDED_EARLY = 3,
    /// Out of memory, or a failure inside gnuplot-iostream.
    CGNUPLOT_CANNOT_FORMAT = 4,
};

/// Starts `program` (looked up on PATH) in `folder`, without reading the user's or the system's start-up files.
/// Returns null and sets `status` and a zero-terminated `message` on failure.
cgnuplot_session *_Nullable cgnuplot_open(
    const char *_Nonnull program, const char *_Nonnull folder, int *_Nonnull status, char *_Nonnull message,
    size_t message_size);

/// Sends one or more lines of commands; a line end is added.
int cgnuplot_send_text(cgnuplot_session *_Nonnull session, const char *_Nonnull text);

/// Sends row-major numbers as gnuplot's data block `$name`, with 19 significant digits: they arrive exactly. NaN is a
/// missing value. `name` must be an identifier.
int cgnuplot_send_table(
    cgnuplot_session *_Nonnull session, const char *_Nonnull name, const double *_Nonnull values, size_t rows,
    size_t columns);

/// Ends the input, waits for gnuplot and frees the session.
/// `exit_status` is as in a shell (128 + signal number for a killed process, -1 where it is unknown). `output` and
/// `errors` are what gnuplot printed: zero-terminated, to be given to `free`, null where memory ran out.
void cgnuplot_close(
    cgnuplot_session *_Nonnull session, int *_Nonnull exit_status, char *_Nullable *_Nonnull output,
    char *_Nullable *_Nonnull errors);

#ifdef __cplusplus
}
#endif
