# Runs one server and ends it when told to, or when the parent is gone.
#
# usage: sh -c <this> watcher GRACE_SECONDS LOG CLEAN COMMAND...
# stdin is a pipe that only the parent holds open. The line "term" asks the server to end and kills it after the grace
# time; "kill" kills it at once. A closed pipe means the parent died, however it died: the server is ended too, and
# CLEAN (a folder of temporary data, or empty) is removed. The server's process id is printed as the first line.
grace_seconds=$1 log=$2 clean=$3
shift 3

exec 3<&0
"$@" 3<&- </dev/null >>"$log" 2>&1 &
server=$!
echo "$server"
exec >/dev/null

(
  word=''
  read -r word <&3
  trap '' TERM
  how=term
  [ "$word" = kill ] && how=kill
  # Nobody will read data that is about to be removed: no need for a clean end.
  [ -z "$word" ] && [ -n "$clean" ] && how=kill

  if [ "$how" = term ]; then
    kill -TERM "$server"
    ticks=$((grace_seconds * 10))
    while [ "$ticks" -gt 0 ] && kill -0 "$server"; do
      sleep 0.1
      ticks=$((ticks - 1))
    done
  fi
  kill -0 "$server" && kill -KILL "$server"

  if [ -z "$word" ] && [ -n "$clean" ]; then
    while kill -0 "$server"; do sleep 0.1; done
    rm -rf "$clean"
  fi
) 2>/dev/null &
guard=$!

wait "$server"
code=$?
# Ends a guard that still waits for a word; one that is ending the server ignores this and finishes its work.
kill -TERM "$guard" 2>/dev/null
wait "$guard" 2>/dev/null
exit "$code"
