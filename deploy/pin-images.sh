#!/usr/bin/env bash
# Pin the images of docker-compose.yml and deploy/Dockerfile to what their tags stand for today: name:tag becomes
# name:tag@sha256:…. Needs docker and a network; run it again after changing a tag. Prints what it changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

digest() {  # digest NAME:TAG: what the tag stands for now, for all processors
    docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$1"
}

pin() {  # pin FILE PREFIX: each image that stands in FILE behind PREFIX
    local file=$1 prefix=$2 image tagged pinned
    grep -oE "^ *${prefix}[^ ]+:[^ ]+" "$file" | sed -E "s/^ *${prefix}//" | sort -u | while read -r image; do
        tagged=${image%@*}
        pinned=$tagged@$(digest "$tagged")
        [ "$image" = "$pinned" ] && continue
        sed -i "s|${prefix}${image}\$|${prefix}${pinned}|; s|${prefix}${image} |${prefix}${pinned} |" "$file"
        echo "$file: $pinned"
    done
}

command -v docker >/dev/null || { echo "docker is not installed: run this where the images are built" >&2; exit 1; }
pin docker-compose.yml 'image: '
pin deploy/Dockerfile 'FROM '
