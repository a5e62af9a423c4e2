#!/bin/sh
# Files this claim with AWS Support by the AWS CLI, version 2: looks up the codes, asks, sends the
# attachments and creates the case. Use credentials of the account that claims; it needs a Business,
# Enterprise On-Ramp or Enterprise support plan.
#
#   sh send.sh --dry-run          looks the codes up and sends nothing
#   sh send.sh                    the same, asks, and creates the case
#   --service, --category, --severity CODE    instead of the one that is looked up
#   --case-file FILE              instead of create-case.cli.json: a copy with what you filled in
#   --endpoint-url URL            instead of AWS
set -eu

service='AWS Key Management Service'
sets=1
service_code=
category_code=
severity_code=
case_file=
endpoint=
dry_run=false

die() {
  printf 'send.sh: %s\n' "$*" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry_run=true ;;
    --service | --category | --severity | --case-file | --endpoint-url)
      [ $# -gt 1 ] || die "$1 needs a value"
      case $1 in
        --service) service_code=$2 ;;
        --category) category_code=$2 ;;
        --severity) severity_code=$2 ;;
        --case-file) case_file=$(cd "$(dirname "$2")" && pwd)/$(basename "$2") ;;
        --endpoint-url) endpoint=$2 ;;
      esac
      shift
      ;;
    *) die "expected one of the options at the head of this file, got '$1'" ;;
  esac
  shift
done

cd "$(dirname "$0")"
case_file=${case_file:-create-case.cli.json}
[ -r "$case_file" ] || die "$case_file cannot be read"

# Version 1 takes what is encoded for text and encodes it a second time.
version=$(aws --version 2>&1) || die "the AWS CLI is missing: install version 2"
case $version in
  aws-cli/2.*) ;;
  *) die "expected version 2 of the AWS CLI, got: $version" ;;
esac

# The Support API has its endpoint in us-east-1.
support() {
  aws support "$@" --region us-east-1 --output text --no-cli-pager \
    ${endpoint:+--endpoint-url "$endpoint"}
}

# one WHAT OPTION FOUND ALL: what was found, where it is one; otherwise says which there are.
one() {
  if [ -n "$3" ] && [ "$(printf '%s\n' "$3" | wc -l)" -eq 1 ]; then
    printf '%s\n' "$3"
    return
  fi
  printf '%s\n' "$4" >&2
  die "expected one $1, got none or several of these: choose with $2 CODE"
}

if [ -z "$service_code" ]; then
  all=$(support describe-services --language en --query 'services[].[code,name]')
  found=$(printf '%s\n' "$all" | awk -F '\t' -v wanted="$service" '
    function plain(s) {
      s = tolower(s)
      sub(/^(aws|amazon) /, "", s)
      sub(/ *\(.*\)$/, "", s)
      return s
    }
    plain($2) == plain(wanted) { print $1 }')
  service_code=$(one "service called $service" --service "$found" "$all")
fi
if [ -z "$category_code" ]; then
  all=$(support describe-services --language en --service-code-list "$service_code" \
    --query 'services[].categories[].[code,name]')
  found=$(printf '%s\n' "$all" | awk -F '\t' 'tolower($0) ~ /billing/ { print $1 }')
  category_code=$(one "category for billing" --category "$found" "$all")
fi
if [ -z "$severity_code" ]; then
  all=$(support describe-severity-levels --language en --query 'severityLevels[].[code,name]')
  found=$(printf '%s\n' "$all" | awk -F '\t' '$1 == "low" { print $1 }')
  severity_code=$(one "severity 'low'" --severity "$found" "$all")
fi

cat <<END
subject:  $(cat subject.txt)
service:  $service_code
category: $category_code
severity: $severity_code
text:     $case_file
sets of attachments: $sets
END

# What only you know stands in the text as a blank.
if grep -q '____' "$case_file"; then
  die "fill in what stands as ____ in a copy of create-case.cli.json, and name it by --case-file"
fi
if $dry_run; then
  printf 'Dry run: nothing was sent.\n'
  exit 0
fi
if grep -q 'PRACTICE DATA' subject.txt; then
  die "this claim is of practice data: nothing was sent"
fi
printf 'Create this case? [y/N] '
read -r answer || answer=
case $answer in
  y | Y | yes) ;;
  *) die "nothing was sent" ;;
esac

# attachments N: sends that set, and says which id it got.
attachments() {
  name=add-attachments.cli.json
  [ "$1" -eq 1 ] || name=add-attachments-$1.cli.json
  support add-attachments-to-set --cli-binary-format base64 --cli-input-json "file://$name" \
    --query attachmentSetId
}

set_id=$(attachments 1)
case_id=$(support create-case --cli-input-json "file://$case_file" \
  --service-code "$service_code" --category-code "$category_code" \
  --severity-code "$severity_code" --attachment-set-id "$set_id" --query caseId)
printf 'Created the case %s.\n' "$case_id"
set=2
while [ "$set" -le "$sets" ]; do
  set_id=$(attachments "$set")
  support add-communication-to-case --case-id "$case_id" --attachment-set-id "$set_id" \
    --communication-body "Further files of this claim, set $set of $sets." \
    --query result >/dev/null
  printf 'Added set %s of %s.\n' "$set" "$sets"
  set=$((set + 1))
done
printf 'Note its number: recoup claims mark … submitted --case %s\n' "$case_id"
