#!/bin/bash
# Stands in for curl, wget and python in the sandbox's image, as far as health checks use them: one GET over plain HTTP
# through bash's own /dev/tcp. Every check of every service runs this, and a Node program would cost fifteen times the
# CPU. It is installed under each of those names and asks for the name it was called by.

url='' fail_on_error=false show_body=true write_out='' timeout_s=10

# Cuts the address out of a line of Python, or takes it as it is.
take_url() {
  if [[ $1 =~ http://[^\"\'\)[:space:]]+ ]]; then url=${BASH_REMATCH[0]}; fi
}

# The value of an option that wants one; `shift_by` says how many arguments that were.
take_value() {
  if [[ -n $2 ]]; then value=$2 shift_by=1; else value=$3 shift_by=2; fi
}

read_curl_arguments() {
  while (($# > 0)); do
    shift_by=1
    case $1 in
      --fail | --fail-with-body) fail_on_error=true ;;
      --output) [[ $2 == - ]] || show_body=false; shift_by=2 ;;
      --write-out) write_out=$2 shift_by=2 ;;
      --max-time | --connect-timeout) timeout_s=${2%.*} shift_by=2 ;;
      --header | --request | --user-agent | --retry) shift_by=2 ;;
      --*) ;;
      -*)
        local letters=${1#-} letter
        while [[ -n $letters ]]; do
          letter=${letters:0:1} letters=${letters:1}
          case $letter in
            f) fail_on_error=true ;;
            I) show_body=false ;;
            o | w | m | H | X | A)
              take_value "$letter" "$letters" "$2"
              case $letter in
                o) [[ $value == - ]] || show_body=false ;;
                w) write_out=$value ;;
                m) timeout_s=${value%.*} ;;
              esac
              letters=''
              ;;
          esac
        done
        ;;
      *) take_url "$1" ;;
    esac
    shift "$shift_by"
  done
}

read_wget_arguments() {
  show_body=false
  while (($# > 0)); do
    case $1 in
      --output-document=- | -*O-) show_body=true ;;
      -*O) [[ $2 == - ]] && show_body=true; shift ;;
      --timeout=*) timeout_s=${1#*=} ;;
      -T | -t) [[ $1 == -T ]] && timeout_s=$2; shift ;;
      -T*) timeout_s=${1#-T} ;;
      -*) ;;
      *) take_url "$1" ;;
    esac
    shift
  done
}

# Sets `status` to that of the answer (000 when there is none); the rest of the answer waits on descriptor 3.
send_request() {
  local rest=${url#http://} authority path line
  authority=${rest%%/*}
  path=${rest#"$authority"}
  status=000
  [[ $authority == *:* ]] || authority=$authority:80
  { exec 3<>"/dev/tcp/${authority%:*}/${authority##*:}"; } 2>/dev/null || return 1
  printf 'GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n' "${path:-/}" "$authority" >&3
  IFS=' ' read -r -t "$timeout_s" -u 3 line status rest || { status=000; return 2; }
  status=${status%$'\r'}
}

print_body() {
  local line
  while IFS= read -r -t "$timeout_s" -u 3 line && [[ $line != $'\r' ]]; do :; done
  while IFS= read -r -t "$timeout_s" -u 3 line || [[ -n $line ]]; do printf '%s\n' "$line"; line=''; done
}

name=${0##*/}
case $name in
  curl) read_curl_arguments "$@" ;;
  wget) read_wget_arguments "$@" ;;
  *)
    # A program that prints the answer prints its status last.
    [[ $* == *print\(* ]] || show_body=false
    take_url "$*"
    ;;
esac
if [[ -z $url ]]; then
  echo "$name: the sandbox's stand-in only fetches http:// addresses" >&2
  exit 2
fi

send_request
outcome=$?
case $outcome:$name in
  0:*) ;;
  1:curl | 2:curl)
    printf '%s' "${write_out//'%{http_code}'/000}"
    ((outcome == 1)) && exit 7
    exit 28
    ;;
  *:wget) exit 4 ;;
  *) exit 1 ;;
esac
failed=false
((10#$status >= 400)) && failed=true
case $name in
  curl)
    if $failed && $fail_on_error; then
      printf '%s' "${write_out//'%{http_code}'/$status}"
      exit 22
    fi
    if $show_body; then print_body; fi
    printf '%s' "${write_out//'%{http_code}'/$status}"
    ;;
  wget)
    if $failed; then exit 8; fi
    if $show_body; then print_body; fi
    ;;
  *)
    if $show_body; then
      print_body
      printf '%s\n' "$status"
    elif $failed; then
      exit 1
    fi
    ;;
esac
exit 0
