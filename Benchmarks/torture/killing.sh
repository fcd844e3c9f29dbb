# For the scripts beside it, in a folder with torture.yaml: a straight run, then runs that are killed at random times and gone
# on with, until so many were killed; every export is held against the straight run's.
# kill_and_go_on LANDAU KILLS LEAST SPAN: a run lives LEAST to LEAST + SPAN milliseconds.  Sets `rounds`.
kill_and_go_on() {
    "$1" run torture.yaml --out straight >/dev/null 2>&1
    "$1" export torture.yaml --out straight > straight.csv
    done=0
    rounds=1
    state=1
    while [ "$done" -lt "$2" ]; do
        "$1" run torture.yaml --out killed >/dev/null 2>&1 &
        run=$!
        # Numbers that come out the same every time.
        state=$(( (state * 1103515245 + 12345) % 2147483648 ))
        life=$(( $3 + state / 65536 % $4 ))
        sleep "$(( life / 1000 )).$(printf '%03d' $(( life % 1000 )))"
        kill -9 "$run" 2>/dev/null || true
        status=0
        wait "$run" || status=$?
        if [ "$status" -eq 137 ]; then
            done=$((done + 1))
        elif [ "$status" -eq 0 ]; then
            "$1" export torture.yaml --out killed | cmp - straight.csv
            rounds=$((rounds + 1))
            rm -rf killed
        else
            echo "a run ended with status $status" >&2
            exit 1
        fi
    done
    "$1" run torture.yaml --out killed >/dev/null 2>&1
    "$1" export torture.yaml --out killed | cmp - straight.csv
}
