# tidy.sh CHECKS ROOM COMPILER OPTION…: clang-tidy of ROOM, a file that includes all files of a room.
# Files that use one name for two things, each for itself, do not compile as one: they are halved
# until they do.
set -uo pipefail
checks=$1 room=$2
shift 2
options=("$@")

# tidy FILE…
tidy() {
  local part=$room.part.cc found
  printf '#include "%s"\n' "$@" >"$part"
  found=$(clang-tidy --quiet --config-file="$checks" "$part" -- "${options[@]}" 2>/dev/null) && return
  if [ $# -eq 1 ] || [[ $found != *clang-diagnostic-error* ]]; then
    printf '%s\n' "$found"
    return 1
  fi
  local half=$(($# / 2)) status=0
  tidy "${@:1:half}" || status=1
  tidy "${@:half+1}" || status=1
  return $status
}

mapfile -t files < <(cut -d '"' -f 2 "$room")
tidy "${files[@]}"
