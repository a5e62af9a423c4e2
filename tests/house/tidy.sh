# tidy.sh CHECKS ROOM COMPILER OPTION…: clang-tidy of ROOM, a file that includes all files of a room.
# Where files use one name for two things, each for itself, they do not compile as one: those with
# errors are read apart from the others.
set -uo pipefail
checks=$1 room=$2
shift 2
options=("$@" -ferror-limit=0)

# tidy FILE…
tidy() {
  local part=$room.part.cc found file
  printf '#include "%s"\n' "$@" >"$part"
  found=$(clang-tidy --quiet --config-file="$checks" "$part" -- "${options[@]}" 2>/dev/null) && return
  if [ $# -eq 1 ] || [[ $found != *clang-diagnostic-error* ]]; then
    printf '%s\n' "$found"
    return 1
  fi
  local together=() apart=() status=0
  for file in "$@"; do
    if grep -q "^$file:.*clang-diagnostic-error" <<<"$found"; then
      apart+=("$file")
    else
      together+=("$file")
    fi
  done
  if [ ${#apart[@]} -eq 0 ] || [ ${#together[@]} -eq 0 ]; then
    together=("${@:1:$#/2}") apart=("${@:$#/2+1}")
  fi
  tidy "${together[@]}" || status=1
  tidy "${apart[@]}" || status=1
  return $status
}

mapfile -t files < <(cut -d '"' -f 2 "$room")
tidy "${files[@]}"
