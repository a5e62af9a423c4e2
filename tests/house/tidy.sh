# tidy.sh CHECKS ROOM COMPILER OPTION…: clang-tidy of ROOM, a file that includes all files of a room.
# Files that use one name for two things, each for itself, do not compile as one: then each is read
# alone.
set -uo pipefail
checks=$1 room=$2
shift 2
if found=$(clang-tidy --quiet --config-file="$checks" "$room" -- "$@" 2>/dev/null); then exit; fi
if [[ $found != *clang-diagnostic-error* ]]; then
  printf '%s\n' "$found"
  exit 1
fi
echo "each file alone, for together they do not compile:"
grep -m 1 clang-diagnostic-error <<<"$found"
cut -d '"' -f 2 "$room" | while read -r file; do
  clang-tidy --quiet --config-file="$checks" "$file" -- "$@" 2>/dev/null || exit 1
done
