#!/usr/bin/env bash
# Puts a configuration into Google Cloud; ./deploy.sh --help says how. Written for bash 3.2, which macOS has.
#
# Node (cli/deploy.ts, deploy/apply/) reads what exists, compares it with the plan and writes the steps of each stage; this script runs them.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: ./deploy.sh [options]
Puts the configuration into Google Cloud: functions, accounts, schedules, alert policies, dashboard.
Run it again at any time: it changes only what is not as planned.

Options:
  --config FILE          the configuration (synthetics.yaml)
  --project ID           overrides the configuration's project
  --only KIND[,KIND…]    only these functions, with their accounts, roles and jobs
  --dry-run              prints every command, changes nothing
  --yes                  takes back what was changed by hand, and deletes, without asking
  --no-wait              does not wait for the first runs
  --no-build             takes build/ and dist/ as they are
  --delete               removes all that deployments of this environment created
  --help

Exit code: 0 everything is in place, whatever the verdicts; 1 a step failed; 2 wrong usage or configuration;
3 everything is in place, but not every function has written its heartbeat.
TEXT
}

at_once=4 # A deployment of a function takes minutes; more at once meet the quotas of Cloud Build.
most_tries=5

fail() { # exit code, message
  printf '%s\n' "$2" >&2
  exit "$1"
}

wrong_usage() { fail 2 "deploy.sh: $1 (./deploy.sh --help)"; }

config=synthetics.yaml project='' only='' dry_run='' yes='' no_wait='' no_build='' delete='' offline=''

read_options() {
  while (($# > 0)); do
    case $1 in
      --config=* | --project=* | --only=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
    esac
    case $1 in
      --config | --project | --only)
        [[ -n ${2-} ]] || wrong_usage "$1 needs a value"
        case $1 in --config) config=$2 ;; --project) project=$2 ;; --only) only=$2 ;; esac
        shift
        ;;
      --dry-run) dry_run=1 ;;
      --yes | -y) yes=1 ;;
      --no-wait) no_wait=1 ;;
      --no-build) no_build=1 ;;
      --delete) delete=1 ;;
      --help | -h) usage && exit ;;
      *) wrong_usage "unknown option $1" ;;
    esac
    shift
  done
  if [[ -n $delete && -n $only ]]; then wrong_usage '--delete removes everything; it goes not with --only'; fi
}

workers=()
asked='' # of Node, last
ran=0

# shellcheck disable=SC2317 # The trap calls it.
end() {
  local worker
  trap '' INT TERM HUP
  for worker in ${workers[@]+"${workers[@]}"} ${asked:+"$asked"}; do kill "$worker" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}

prepare_folder() {
  case $config in /*) ;; *) config=$PWD/$config ;; esac
  cd "$(dirname "${BASH_SOURCE[0]}")"
  node=$PWD/node_modules/.bin/node
  umask 077
  work=$(mktemp -d "${TMPDIR:-/tmp}/vpc-synthetics.XXXXXX")
  : >"$work/all-notes" && : >"$work/left"
  trap end EXIT
  trap 'printf "\nInterrupted. What was done stays; run it again and it goes on from there.\n" >&2; exit 130' INT
  trap 'exit 143' TERM HUP
}

# --- Node and gcloud -------------------------------------------------------------------------------------------------

# The token goes to Node through a pipe: never on a command line, never into a file, never into an environment. It lasts for
# an hour at most, and gcloud hands out the one that it has until shortly before its end.
unset token # an exported one of the caller would stay exported
token='' token_from=0

take_token() {
  if [[ -n $token ]] && ((SECONDS - token_from < 120)); then return; fi
  token=$(gcloud auth print-access-token 2>/dev/null) || token=''
  token_from=$SECONDS
}

refused=4 # How Node ends when the token is no longer taken.

ask_node() { # command, arguments; reads only, so it is asked again where the token ended meanwhile
  local code=0
  if [[ -z $offline ]]; then take_token; fi
  call_node "$@" || code=$?
  if ((code == refused)); then
    token='' code=0
    take_token
    call_node "$@" || code=$?
  fi
  return "$((code == refused ? 1 : code))"
}

call_node() { # command, arguments; in the background, so that a signal is heard meanwhile
  local code=0
  (become_node "$@") &
  asked=$!
  wait "$asked" || code=$?
  asked=''
  return "$code"
}

# Nothing stands between it and who started it: whoever ends it ends the requests, and no half of a pipe goes on.
become_node() { # command, arguments
  exec env NODE_USE_ENV_PROXY=1 "$node" build/cli/deploy.js "$@" --work "$work" ${delete:+--delete} ${dry_run:+--dry-run} \
    < <(printf '%s' "$token")
}

settings() { if command -v gcloud >/dev/null; then gcloud config list --format=json 2>/dev/null; fi; }

# --- Steps -----------------------------------------------------------------------------------------------------------

# Reads a step: words that end in NUL (deploy/apply/handover.ts).
read_step() { # file; sets title, follows_up, done_pattern, takes_back, shown, words
  local word
  words=()
  while IFS= read -r -d '' word; do words+=("$word"); done <"$1"
  title=${words[0]} follows_up=${words[1]} done_pattern=${words[2]} takes_back=${words[3]} shown=${words[4]}
  words=("${words[@]:5}")
}

# Errors that pass by themselves: quotas, two writers of one policy, an account or an API too new for every server to know.
passing='(HttpError|HTTPError|code|status|statusCode)[^0-9]{0,12}(409|429|500|502|503|504)([^0-9]|$)|ABORTED|RESOURCE_EXHAUSTED|UNAVAILABLE'
passing+='|concurrent policy changes|[Qq]uota exceeded|timed out|Connection (reset|aborted|refused)'
passing+='|[Ss]ervice account .* (does|may) not exist|has not been used in project'

try_step() { # log; runs the command of the step that was read
  case ${words[0]} in
    gcloud) "${words[@]}" </dev/null >"$1" 2>&1 & ;;
    requests)
      take_token
      (become_node "${words[@]}") >"$1" 2>&1 &
      ;;
  esac
  child=$!
  wait "$child"
}

run_step() { # file
  local log=$1.log began=$SECONDS number tried=0 pause=1 child=''
  number=$((10#${1##*/}))
  read_step "$1"
  trap 'kill "$child" 2>/dev/null; exit 143' TERM
  tell_start "$number"
  until try_step "$log"; do
    if [[ -n $done_pattern ]] && grep -Eq -- "$done_pattern" "$log"; then break; fi
    tried=$((tried + 1))
    if ((tried == most_tries)) || ! grep -Eq -- "$passing" "$log"; then
      printf '%s\n' "$1" >>"$work/failed"
      tell_end "$number" failed
      return 1
    fi
    sleep "$pause"
    pause=$((pause * 2))
  done
  tell_end "$number" "$(spent "$began")"
}

# On a terminal the step that runs stands in the last line; its end takes the line's place.
tell_start() { if [[ -t 1 ]]; then printf '\r\033[K      %*d/%d  %s …' "${#total}" "$1" "$total" "${title:0:80}"; fi; }

tell_end() { # number, how
  local line=$title
  if [[ -t 1 ]]; then
    printf '\r\033[K'
    if ((${#line} > 76)); then line="${line:0:75}…"; fi
  fi
  printf '      %*d/%d  %-76s %7s\n' "${#total}" "$1" "$total" "$line" "$2"
}

spent() { # when it began
  local seconds=$((SECONDS - $1))
  if ((seconds < 60)); then printf '%d s' "$seconds"; else printf '%d:%02d min' "$((seconds / 60))" "$((seconds % 60))"; fi
}

# Takes one lane after the other that nobody has taken yet.
work_off() {
  local lane file
  for lane in "$work"/steps/*; do
    mkdir "$lane/taken" 2>/dev/null || continue
    for file in "$lane"/[0-9]*; do
      [[ -e $file ]] || continue
      if [[ -e $work/failed ]]; then return 1; fi
      run_step "$file" || return 1
    done
  done
}

run_steps() {
  local number worker well=1
  workers=()
  for ((number = 0; number < at_once; number += 1)); do
    work_off &
    workers+=("$!")
  done
  for worker in "${workers[@]}"; do wait "$worker" || well=''; done
  workers=()
  [[ -n $well ]] || stop_at_failure
}

stop_at_failure() {
  local file
  while IFS= read -r file; do
    read_step "$file"
    printf '\nFailed: %s\n\n%s\n\n%s\n' "$title" "$(grep -v '^$' "$file.log" | tail -n 12)" "$(shortened "$shown")"
  done <"$work/failed" >&2
  fail 1 $'\nWhat was done stays. Once the cause is removed, run it again: it goes on from here.'
}

# What somebody changed by hand is taken back only when told so.
ask_about_changes() {
  local file answer found skipped=''
  for file in "$work"/steps/*/[0-9]*; do
    [[ -e $file ]] || continue
    read_step "$file"
    if [[ -n $skipped && -n $follows_up && ${file%/*} == "${skipped%/*}" ]]; then rm "$file" && continue; fi
    skipped=''
    [[ -n $takes_back ]] || continue
    printf '      Changed by hand: %s\n' "${title%: *}"
    printf '%s\n' "$takes_back" | sed 's/^/        /'
    answer=$yes
    if [[ -z $yes && -t 0 ]]; then
      read -r -p '        Make it as planned again? [y/N] ' answer </dev/tty
      case $answer in [yY]*) ;; *) answer='' ;; esac
    fi
    if [[ -n $answer ]]; then
      printf '        It is made as planned again.\n'
    else
      printf '        It is left as it is.\n'
      # Not the title's end, which says what would have been done.
      while IFS= read -r found; do printf '%s: %s\n' "${title%: *}" "$found"; done <<<"$takes_back" >>"$work/left"
      skipped=$file
      rm "$file"
    fi
  done
}

shortened() { # lines; on a terminal long ones are cut
  if [[ -t 1 ]]; then printf '%s\n' "$1" | sed -E 's/^(.{160}).+$/\1 …/'; else printf '%s\n' "$1"; fi
}

print_steps() {
  local file
  for file in "$work"/steps/*/[0-9]*; do
    [[ -e $file ]] || continue
    read_step "$file"
    printf '\n# %s\n' "$title"
    if [[ -n $takes_back ]]; then printf '%s\n' "$takes_back" | sed 's/^/#   changed by hand, only when told so: /'; fi
    shortened "$shown"
  done
}

count_steps() {
  local file
  total=0
  for file in "$work"/steps/*/[0-9]*; do if [[ -e $file ]]; then total=$((total + 1)); fi; done
}

heading() { # name, what is there already
  if [[ -n $2 ]]; then printf '%-18s %s' "$1" "$2"; else printf '%s' "$1"; fi
}

stage() { # number, name
  # As long as nothing was changed, what the check found still holds.
  if ((ran == 0)) && [[ -e $work/as-planned/$1 ]]; then
    rm -rf "$work/steps"
    head -n 1 "$work/as-planned/$1" >"$work/kept"
    tail -n +2 "$work/as-planned/$1" >"$work/notes"
  else
    ask_node stage "$2" || exit $?
  fi
  count_steps
  printf '%*d/%d  %s\n' "${#stage_count}" "$1" "$stage_count" "$(heading "$2" "$(cat "$work/kept")")"
  cat "$work/notes" >>"$work/all-notes"
  if ((total == 0)); then return; fi
  if [[ -n $dry_run ]]; then
    print_steps
    printf '\n'
    return
  fi
  ask_about_changes
  count_steps
  ran=$((ran + total))
  if ((total > 0)); then run_steps; fi
}

# --- The whole -------------------------------------------------------------------------------------------------------

# Whether gcloud can do it is seen from its help: builds differ in what they call a version.
check_direct_vpc() {
  local manual
  manual=$(gcloud functions deploy --help 2>/dev/null) || manual=''
  case $manual in *--direct-vpc-egress*) return ;; esac
  fail 2 "This gcloud ($(gcloud version --format='value("Google Cloud SDK")' 2>/dev/null)) cannot deploy with Direct VPC egress; 558 and newer can: gcloud components update.
Or let the functions use a connector: network.connector in the configuration."
}

confirm_deletion() {
  local listing answer
  listing=$(ask_node list) || exit $?
  if [[ -z $listing ]]; then
    printf 'Nothing of it is there.\n'
    exit
  fi
  printf 'To be removed:\n'
  printf '%s\n' "$listing" | sed 's/^/  /'
  printf '\n'
  if [[ -n $yes || -n $dry_run ]]; then return; fi
  [[ -t 0 ]] || fail 2 'Deleting asks first, and there is no terminal to ask on: --yes says it beforehand.'
  read -r -p "Type the name of the environment ($environment) to go on: " answer </dev/tty
  [[ $answer == "$environment" ]] || fail 2 'Nothing was removed.'
  printf '\n'
}

finish() {
  local code=0 began=$SECONDS
  if [[ -n $delete ]]; then
    printf '\nNothing of %s is left in %s.\n' "$environment" "$project"
    return
  fi
  if [[ -z $no_wait ]]; then
    printf '\n'
    ask_node wait || code=$?
    ((code == 0 || code == 3)) || exit "$code"
  fi
  printf '\n'
  ask_node summary || exit $?
  print_list 'To know' "$work/all-notes"
  print_list 'Changed by hand and left as it is (--yes makes it as planned again)' "$work/left"
  if ((ran == 0)); then printf '\nEverything was as planned (%s).\n' "$(spent 0)"; else printf '\nDone in %s.\n' "$(spent 0)"; fi
  exit "$code"
}

print_list() { # heading, file
  if [[ -s $2 ]]; then
    printf '\n%s\n' "$1"
    sed 's/^/  /' "$2"
  fi
}

main() {
  read_options "$@"
  prepare_folder
  if [[ ! -f build/cli/deploy.js || (-z $no_build && -z $delete) ]]; then
    command -v node >/dev/null || fail 2 'Node is missing (20 or newer): https://nodejs.org'
    node scripts/bootstrap.mjs build || exit $?
  fi
  # What needs gcloud is asked before anything is read or written.
  if ! command -v gcloud >/dev/null; then
    [[ -n $dry_run ]] || fail 2 'gcloud is missing: https://cloud.google.com/sdk/docs/install'
    offline='gcloud is missing'
  elif take_token && [[ -z $token ]]; then
    [[ -n $dry_run ]] || fail 2 'gcloud is not logged in: gcloud auth login'
    offline='gcloud is not logged in'
  fi

  prepared=$(settings | "$node" build/cli/deploy.js prepare --work "$work" --config "$config" ${delete:+--delete} \
    ${project:+--project "$project"} ${only:+--only "$only"}) || exit $?
  stage_names=()
  {
    read -r environment && read -r project && read -r region && read -r needs_direct_vpc
    while IFS= read -r name; do stage_names+=("$name"); done
  } <<<"$prepared"
  stage_count=${#stage_names[@]}

  if [[ -n $delete ]]; then doing='out of'; else doing='into'; fi
  printf 'vpc-synthetics: %s %s project %s, region %s\n\n' "$environment" "$doing" "$project" "$region"
  if [[ -n $offline && -n $delete ]]; then
    fail 1 "What exists is not known ($offline), so nobody can tell what would be removed: gcloud auth login"
  fi
  if [[ -n $offline ]]; then printf 'What exists is not known (%s): these are the commands of a first deployment.\n\n' "$offline"; fi
  if [[ -n $needs_direct_vpc && -z $offline && -z $delete ]]; then check_direct_vpc; fi
  if [[ -n $delete ]]; then confirm_deletion; elif [[ -z $offline ]]; then ask_node check || exit $?; fi
  for ((index = 0; index < stage_count; index += 1)); do stage "$((index + 1))" "${stage_names[index]}"; done
  if [[ -n $dry_run ]]; then print_list 'To know' "$work/all-notes"; else finish; fi
}

# Read to its end before it begins: a pull meanwhile may change this file.
{
  main "$@"
  exit
}
