# Ends the processes it was told of when its parent is gone, however the parent died.
#
# stdin is a pipe that only the parent holds open: a line "+ PID" for a process that was started, "- PID" for one that
# was ended and waited for.
pids=' '
while read -r change pid; do
  case $change in
    +) pids="$pids$pid " ;;
    -) pids="${pids%% "$pid" *} ${pids#* "$pid" }" ;;
  esac
done

trap '' TERM INT HUP
{
  for pid in $pids; do kill -TERM "$pid"; done
  ticks=50
  while [ "$ticks" -gt 0 ]; do
    left=''
    for pid in $pids; do kill -0 "$pid" && left=yes; done
    [ -z "$left" ] && break
    sleep 0.1
    ticks=$((ticks - 1))
  done
  for pid in $pids; do kill -KILL "$pid"; done
} 2>/dev/null
