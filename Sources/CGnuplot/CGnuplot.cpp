#include "CGnuplot.h"

#include <fcntl.h>
#include <gnuplot-iostream.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

extern char **environ;

namespace {

/// Holds back the SIGPIPE of a dead gnuplot, whose default action would end the whole program. Only this thread and
/// only a signal raised meanwhile are concerned: handlers and other threads keep what they have.
class SigpipeGuard {
public:
    SigpipeGuard() {
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        sigset_t pending;
        sigpending(&pending);
        was_pending_ = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &pipe_, &previous_);
    }
    ~SigpipeGuard() {
        if (!was_pending_) {
            const timespec now = {0, 0};
            while (sigtimedwait(&pipe_, nullptr, &now) == -1 && errno == EINTR) {
            }
        }
        pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
    }
    SigpipeGuard(const SigpipeGuard &) = delete;
    SigpipeGuard &operator=(const SigpipeGuard &) = delete;

private:
    sigset_t pipe_, previous_;
    bool was_pending_;
};

struct FileCloser {
    void operator()(FILE *file) const { std::fclose(file); }
};
using File = std::unique_ptr<FILE, FileCloser>;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { close(number_); }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;

private:
    int number_;
};

/// A file rather than a pipe takes what gnuplot prints: it never fills up, so gnuplot never waits for a reader.
File private_file() {
    File file(std::tmpfile());
    if (file) fcntl(fileno(file.get()), F_SETFD, FD_CLOEXEC);
    return file;
}

char *content_of(FILE *file) {
    std::rewind(file);
    std::string text;
    char buffer[4096];
    size_t count;
    while ((count = std::fread(buffer, 1, sizeof buffer, file)) > 0) text.append(buffer, count);
    return ::strdup(text.c_str());
}

void put(const std::string &text, char *out, size_t size) {
    if (size == 0) return;
    const size_t count = std::min(size - 1, text.size());
    std::memcpy(out, text.data(), count);
    out[count] = 0;
}

/// Our environment with a UTF-8 locale, whatever the caller's: gnuplot measures and warns by it.
class Environment {
public:
    Environment() {
        for (char **entry = environ; *entry != nullptr; entry++) {
            if (std::strncmp(*entry, "LC_ALL=", 7) != 0) entries_.push_back(*entry);
        }
        entries_.push_back(locale_);
        entries_.push_back(nullptr);
    }
    Environment(const Environment &) = delete;
    Environment &operator=(const Environment &) = delete;
    char *const *entries() const { return entries_.data(); }

private:
    char locale_[15] = "LC_ALL=C.UTF-8";
    std::vector<char *> entries_;
};

/// Actions and attributes of a new process: our files as its standard streams, no signal blocked or ignored.
class SpawnPlan {
public:
    SpawnPlan(int input, int output, int errors, const char *folder) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
        posix_spawn_file_actions_addchdir_np(&actions_, folder);
        posix_spawnattr_init(&attributes_);
        sigset_t none, pipe;
        sigemptyset(&none);
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &pipe);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnPlan() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }
    SpawnPlan(const SpawnPlan &) = delete;
    SpawnPlan &operator=(const SpawnPlan &) = delete;

    int start(const char *program, pid_t &process) const {
        char no_startup_files[] = "-d";
        char *arguments[] = {const_cast<char *>(program), no_startup_files, nullptr};
        const Environment environment;
        return posix_spawnp(&process, program, &actions_, &attributes_, arguments, environment.entries());
    }

private:
    posix_spawn_file_actions_t actions_;
    posix_spawnattr_t attributes_;
};

}  // namespace

struct cgnuplot_session {
    pid_t process = -1;
    File output, errors;
    /// Owned and closed by `gnuplot`.
    FILE *input = nullptr;
    std::unique_ptr<Gnuplot> gnuplot;
};

namespace {

/// Whether a folder of PATH shows such a file. A search says "permission denied" too where the file is nowhere and a folder
/// must not be looked into.
bool is_on_path(const std::string &program) {
    if (program.find('/') != std::string::npos) return true;
    const char *path = std::getenv("PATH");
    std::istringstream folders(path ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
        if (access(((folder.empty() ? "." : folder) + "/" + program).c_str(), F_OK) == 0) return true;
    }
    return false;
}

cgnuplot_session *start(const char *program, const char *folder, int &status, std::string &message) {
    status = CGNUPLOT_CANNOT_START;
    // A missing folder and a missing program give the same error number.
    if (access(folder, X_OK) != 0) {
        message = std::string(folder) + ": " + std::strerror(errno);
        return nullptr;
    }
    auto session = std::make_unique<cgnuplot_session>();
    session->output = private_file();
    session->errors = private_file();
    int ends[2];
    if (!session->output || !session->errors || pipe2(ends, O_CLOEXEC) != 0) {
        message = std::strerror(errno);
        return nullptr;
    }
    const Descriptor reading_end(ends[0]);
    session->input = fdopen(ends[1], "w");
    if (session->input == nullptr) {
        message = std::strerror(errno);
        close(ends[1]);
        return nullptr;
    }
    session->gnuplot = std::make_unique<Gnuplot>(session->input);
    const SpawnPlan plan(ends[0], fileno(session->output.get()), fileno(session->errors.get()), folder);
    const int failure = plan.start(program, session->process);
    if (failure != 0) {
        status = failure == ENOENT || (failure == EACCES && !is_on_path(program)) ? CGNUPLOT_NOT_FOUND
                                                                                  : CGNUPLOT_CANNOT_START;
        message = std::string(program) + ": " + std::strerror(failure);
        return nullptr;
    }
    status = CGNUPLOT_OK;
    return session.release();
}

template <typename Body> int guarded(cgnuplot_session *session, Body body) {
    const SigpipeGuard guard;
    try {
        body(*session->gnuplot);
        session->gnuplot->flush();
        const bool written = session->gnuplot->good() && std::fflush(session->input) == 0;
        return written ? CGNUPLOT_OK : CGNUPLOT_ENDED_EARLY;
    } catch (const std::ios_base::failure &) {
        return CGNUPLOT_ENDED_EARLY;
    } catch (const std::exception &) {
        return CGNUPLOT_CANNOT_FORMAT;
    }
}

}  // namespace

cgnuplot_session *cgnuplot_open(
    const char *program, const char *folder, int *status, char *message, size_t message_size) {
    try {
        std::string reason;
        auto *session = start(program, folder, *status, reason);
        put(reason, message, message_size);
        return session;
    } catch (const std::exception &error) {
        *status = CGNUPLOT_CANNOT_START;
        put(error.what(), message, message_size);
        return nullptr;
    }
}

int cgnuplot_send_text(cgnuplot_session *session, const char *text) {
    return guarded(session, [&](Gnuplot &gnuplot) { gnuplot << text << '\n'; });
}

int cgnuplot_send_table(
    cgnuplot_session *session, const char *name, const double *values, size_t rows, size_t columns) {
    return guarded(session, [&](Gnuplot &gnuplot) {
        std::vector<std::vector<double>> table(rows);
        for (size_t row = 0; row < rows; row++) {
            table[row].assign(values + row * columns, values + (row + 1) * columns);
        }
        // gnuplot-iostream ends a table by a line `e`, which so becomes the end mark of the data block.
        gnuplot << '$' << name << " << e\n";
        gnuplot.send1d(table);
    });
}

void cgnuplot_close(cgnuplot_session *session, int *exit_status, char **output, char **errors) {
    {
        const SigpipeGuard guard;
        session->gnuplot.reset();
    }
    int state = 0;
    pid_t ended;
    do ended = waitpid(session->process, &state, 0);
    while (ended == -1 && errno == EINTR);
    *exit_status = -1;
    if (ended == session->process) *exit_status = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
    *output = content_of(session->output.get());
    *errors = content_of(session->errors.get());
    delete session;
}
