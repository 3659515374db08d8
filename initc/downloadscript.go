package initc

// download has the URL, the checksum, the file and its permissions as its arguments,
// then flags of curl. The shell is PID 1: see waiting.
const download = `url=$1 want=$2 file=$3 mode=$4
shift 4
` + fetch + `if [ -f "$file" ] && [ "$(sum "$file")" = "$want" ]; then
  echo "$file is there already"
  exit
fi
fetch "$@" & wait $! || exit 1
chmod "$mode" "$file.part" && mv "$file.part" "$file" || exit 1
echo "downloaded $url to $file"
`

// downloadAndUnpack has the kind of the archive in place of the permissions. The
// folder gets its name, and then its checksum, when it is whole.
const downloadAndUnpack = `url=$1 want=$2 file=$3 kind=$4
shift 4
` + fetch + `if [ -d "$file" ] && [ "$(cat "$file.sha256" 2>/dev/null)" = "$want" ]; then
  echo "$file is there already"
  exit
fi
unpack() {
  rm -rf "$file" "$file.sha256" "$file.new" && mkdir "$file.new" || return
  case $kind in
    zip) unzip -q "$file.part" -d "$file.new" ;;
    *) tar -xzf "$file.part" -C "$file.new" ;;
  esac && mv "$file.new" "$file" && echo "$want" >"$file.sha256" && rm "$file.part"
}
{ fetch "$@" && unpack; } & wait $! || exit 1
echo "unpacked $url in $file"
`

// fetch gets the file as <file>.part, and deletes it where it is another one.
const fetch = `trap 'echo "stopped while downloading $url"; exit 143' TERM INT
sum() { sha256sum <"$1" | cut -d ' ' -f 1; }
fetch() {
  rm -f "$file.part"
  curl -gfsSL --retry 5 --retry-connrefused --connect-timeout 10 --speed-limit 1 --speed-time 30 \
    -o "$file.part" "$@" "$url" || { echo "could not download $url"; return 1; }
  got=$(sum "$file.part")
  [ "$got" = "$want" ] && return
  rm -f "$file.part"
  echo "refused $url: its SHA-256 is $got, not $want"
  return 1
}
`
