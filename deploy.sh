#!/usr/bin/env bash
# Puts a configuration into Google Cloud; ./deploy.sh --help says how. Written for bash 3.2, which macOS has.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: ./deploy.sh [options]
Puts the configuration into Google Cloud: functions, accounts, schedules, alert policies, dashboard.
Run it again at any time: it changes only what is not as planned.

Options:
  --config FILE          the configuration (synthetics.yaml)
  --project ID           overrides the configuration's project
  --only KIND[,KIND…]    only these functions, with their accounts and jobs
  --dry-run              prints every command, changes nothing
  --yes                  takes back what was changed by hand, and deletes, without asking
  --no-wait              does not wait for the first runs
  --no-build             takes build/ and dist/ as they are
  --delete               removes all that a deployment created
  --help

Exit code: 0 everything is in place, whatever the verdicts; 1 a step failed; 2 wrong usage or configuration;
3 everything is in place, but not every function has written its heartbeat.
TEXT
}

at_once=4

fail() { # exit code, message
  printf '%s\n' "$2" >&2
  exit "$1"
}

wrong_usage() { fail 2 "deploy.sh: $1 (./deploy.sh --help)"; }

config=synthetics.yaml project='' only='' dry_run='' yes='' wait_for_runs=1 build=1 delete=''
while (($# > 0)); do
  case $1 in
    --config | --project | --only)
      (($# > 1)) || wrong_usage "$1 needs a value"
      case $1 in --config) config=$2 ;; --project) project=$2 ;; --only) only=$2 ;; esac
      shift
      ;;
    --config=*) config=${1#*=} ;;
    --project=*) project=${1#*=} ;;
    --only=*) only=${1#*=} ;;
    --dry-run) dry_run=1 ;;
    --yes) yes=1 ;;
    --no-wait) wait_for_runs='' ;;
    --no-build) build='' ;;
    --delete) delete=1 ;;
    --help | -h) usage && exit ;;
    *) wrong_usage "unknown option $1" ;;
  esac
  shift
done

case $config in /*) ;; *) config=$PWD/$config ;; esac
cd "$(dirname "${BASH_SOURCE[0]}")"
node=$PWD/node_modules/.bin/node
work=$(mktemp -d "${TMPDIR:-/tmp}/vpc-synthetics.XXXXXX")
workers=()

end() {
  local worker
  trap '' INT TERM HUP
  for worker in ${workers[@]+"${workers[@]}"}; do kill "$worker" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap end EXIT
trap 'printf "\nInterrupted. Run it again: it goes on where this one ended.\n" >&2; exit 130' INT
trap 'exit 143' TERM HUP

# The token goes from gcloud to Node through a pipe: never on a command line, never into a file.
access_token() { gcloud auth print-access-token 2>"$work/login"; }

ask_node() { # command, arguments
  access_token | NODE_USE_ENV_PROXY=1 "$node" build/deploy/apply/main.js "$@" --work "$work"
}

# Errors that pass by themselves: quotas, several writers of one policy, a new account that not every server knows yet.
passes='(HTTPError|HttpError|code=|status=|\[)(409|429|500|502|503|504)|ABORTED|RESOURCE_EXHAUSTED|UNAVAILABLE|concurrent policy changes|[Qq]uota exceeded|[Ss]ervice account .* does not exist|timed out|Connection (reset|aborted|refused)'

# Reads a step: words that end in NUL.
read_step() { # file; sets title, follows_up, done_pattern, takes_back, shown, words
  local word
  words=()
  while IFS= read -r -d '' word; do words+=("$word"); done <"$1"
  title=${words[0]} follows_up=${words[1]} done_pattern=${words[2]} takes_back=${words[3]} shown=${words[4]}
  words=("${words[@]:5}")
}

try_step() { # log; the command of the step that was read
  case ${words[0]} in
    gcloud) "${words[@]}" </dev/null >"$1" 2>&1 & ;;
    requests) ask_node "${words[@]}" >"$1" 2>&1 & ;;
  esac
  child=$!
  wait "$child"
}

run_step() { # file
  local log=$1.log began=$SECONDS number tried=0 wait_for=1 child=''
  number=$((10#$(basename "$1")))
  read_step "$1"
  trap 'kill "$child" 2>/dev/null; exit 143' TERM
  while ! try_step "$log"; do
    if [[ -n $done_pattern ]] && grep -Eq -- "$done_pattern" "$log"; then break; fi
    tried=$((tried + 1))
    if ((tried > 4)) || ! grep -Eq -- "$passes" "$log"; then
      printf '%s\n' "$1" >>"$work/failed"
      printf '      %3d/%d  %-70s failed\n' "$number" "$total" "$title"
      return 1
    fi
    sleep "$wait_for"
    wait_for=$((wait_for * 2))
  done
  printf '      %3d/%d  %-70s %3d s\n' "$number" "$total" "$title" "$((SECONDS - began))"
}

# Takes one lane after the other that nobody has taken yet.
work_off() {
  local lane file
  for lane in "$work"/steps/*; do
    mkdir "$lane/taken" 2>/dev/null || continue
    for file in "$lane"/[0-9]*[0-9]; do
      if [[ -e $work/failed ]]; then return 1; fi
      if [[ -e $file ]]; then run_step "$file" || return 1; fi
    done
  done
}

run_steps() {
  local number worker ok=1
  workers=()
  for ((number = 0; number < at_once; number += 1)); do
    work_off &
    workers+=("$!")
  done
  for worker in "${workers[@]}"; do wait "$worker" || ok=''; done
  workers=()
  [[ -n $ok ]] || stop_at_failure
}

stop_at_failure() {
  local file
  while IFS= read -r file; do
    read_step "$file"
    printf '\nFailed: %s\n\n%s\n\n%s\n' "$title" "$(grep -v '^$' "$file.log" | tail -n 12)" "$shown"
  done <"$work/failed" >&2
  fail 1 $'\nWhat was done stays. Once the cause is removed, run it again: it goes on from here.'
}

stage() { # number, name
  local count file
  ask_node stage "$2" ${dry_run:+--dry-run} || { say_login; exit 1; }
  total=0
  for file in "$work"/steps/*/[0-9]*; do if [[ -e $file ]]; then total=$((total + 1)); fi; done
  printf '%3d/%d  %-24s %s\n' "$1" "$stage_count" "$2" "$(cat "$work/kept")"
  if [[ -n $dry_run ]]; then print_steps; elif ((total > 0)); then run_steps; fi
  cat "$work/notes" >>"$work/all-notes"
}

print_steps() {
  local file
  for file in "$work"/steps/*/[0-9]*; do
    [[ -e $file ]] || continue
    read_step "$file"
    printf '\n# %s\n%s\n' "$title" "$shown"
  done
}

say_login() { if [[ -s $work/login ]]; then cat "$work/login" >&2; fi; }

command -v gcloud >/dev/null || fail 2 'gcloud is missing: https://cloud.google.com/sdk/docs/install'
if [[ -n $build ]]; then node scripts/bootstrap.mjs build; fi

prepared=$(gcloud config list --format=json 2>/dev/null | "$node" build/deploy/apply/main.js prepare --work "$work" --config "$config" \
  ${project:+--project "$project"} ${only:+--only "$only"}) || exit $?
stage_names=()
{
  read -r environment && read -r project && read -r region
  while IFS= read -r name; do stage_names+=("$name"); done
} <<<"$prepared"
stage_count=${#stage_names[@]}
printf 'vpc-synthetics: %s into project %s, region %s\n\n' "$environment" "$project" "$region"
for ((index = 0; index < stage_count; index += 1)); do stage "$((index + 1))" "${stage_names[index]}"; done
if [[ -s $work/all-notes ]]; then printf '\n' && cat "$work/all-notes"; fi
