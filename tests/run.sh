#!/usr/bin/env bash
# Builds everything once and runs every test. The last line is "N passed, N failed, N skipped"; the exit code is 0
# only when tests ran and none failed. CONFIGURATION=Debug tests the build that `dotnet run` makes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null

configuration=${CONFIGURATION:-Release}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

browser() {
  local name
  if [ -n "${DRIFTLINE_TEST_CHROMIUM:-}" ]; then return; fi
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then return; fi
  done

  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
  if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
    echo "Installing Chromium for the browser tests ..."
    if { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends chromium; } >/dev/null; then
      return
    fi
  fi

  echo "The browser tests need Chromium: install the package chromium (apt-get install chromium)," >&2
  echo "or name a Chromium or Chrome with DRIFTLINE_TEST_CHROMIUM=/path/to/it." >&2
  exit 1
}

# Adds one project's results to the totals. A test program that ends without a summary counts as one failure.
passed=0 failed=0 skipped=0
run() {
  local project=$1 output summary wrong=0 left_out=0 code=0
  echo
  echo "== $project"
  output=$(mktemp)
  "tests/$project/bin/$configuration/net10.0/$project" -noColor -noLogo >"$output" 2>&1 || code=$?
  summary=$(grep -E "^ +$project +Total: " "$output" | tail -n 1 || true)
  if [ -z "$summary" ] || [ "$code" -ne 0 ]; then cat "$output"; else echo "${summary#"${summary%%[![:space:]]*}"}"; fi
  rm -f "$output"

  if [[ $summary =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+),\ Not\ Run:\ ([0-9]+) ]]; then
    wrong=$((BASH_REMATCH[2] + BASH_REMATCH[3]))
    left_out=$((BASH_REMATCH[4] + BASH_REMATCH[5]))
    passed=$((passed + BASH_REMATCH[1] - BASH_REMATCH[3] - left_out))
  fi
  if [ "$code" -ne 0 ] && [ "$wrong" -eq 0 ]; then
    echo "$project ended with exit code $code."
    wrong=1
  fi
  failed=$((failed + wrong)) skipped=$((skipped + left_out))
}

browser
dotnet restore Dashboard.sln --verbosity quiet
dotnet build Dashboard.sln --no-restore --configuration "$configuration" --verbosity quiet -warnaserror

for folder in tests/Driftline.*.Tests; do
  run "$(basename "$folder")"
done

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
