#ifndef CPROCESS_H
#define CPROCESS_H

#include <sys/types.h>

/// Starts a program in a process group of its own, its three standard streams at pipes; no shell is involved.
///
/// GNU calls that Swift's view of the C library leaves out: `pipe2`, and a change of folder before the program starts.
/// - Parameters:
///   - arguments, environment: ended by NULL; the first argument is looked up in PATH unless it holds a `/`.
///   - inherited: a descriptor that the child keeps open, or -1.
///   - ends: out: the parent's ends of standard input, output and error, not blocking.
/// - Returns: 0, or the number of the error.
int cprocess_start(char *const arguments[], char *const environment[], const char *folder, int inherited, int ends[3],
                   pid_t *pid);

#endif
