#!/usr/bin/env bash
# A local Apache Kafka without Docker: one KRaft node on loopback. Needs Java 17 or later, and Maven the first time.
#
#   run.sh           start it and stay in the foreground; Ctrl-C stops it
#   run.sh install   only fetch its jars into deploy/kafka/libs
#
# KAFKA_PORT (9092), KAFKA_CONTROLLER_PORT (9093) and KAFKA_DATA (deploy/kafka/target/data) say where.
# With KAFKA_FOLLOW_STDIN=1 the broker is killed when standard input closes, so that it never outlives who started it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
libs=$here/libs
port=${KAFKA_PORT:-9092}
controller_port=${KAFKA_CONTROLLER_PORT:-9093}
data=${KAFKA_DATA:-$here/target/data}
java=(java -Dlog4j2.configurationFile="$here/log4j2.properties" -cp "$libs/*")

fail() {
    echo "kafka: $*" >&2
    exit 1
}

install() {
    # the copy of pom.xml is made last: it says that the jars are complete, and that they are this pom.xml's
    cmp -s "$here/pom.xml" "$libs/pom.xml" && return
    command -v mvn >/dev/null || fail "mvn is not on the PATH; it fetches Kafka once (Debian: apt-get install maven)"
    echo "kafka: fetching the broker's jars into $libs" >&2
    rm -rf "$libs"
    mvn -q -B -Dmaven.wagon.http.retryHandler.count=3 -f "$here/pom.xml" dependency:copy-dependencies >&2 ||
        fail "mvn could not fetch the jars of $here/pom.xml"
    cp "$here/pom.xml" "$libs/pom.xml"
}

configure() {
    mkdir -p "$data"
    {
        cat "$here/server.properties"
        echo "listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller_port"
        echo "advertised.listeners=PLAINTEXT://127.0.0.1:$port"
        echo "controller.quorum.voters=1@127.0.0.1:$controller_port"
        echo "log.dirs=$data/log"
    } >"$data/server.properties"
    [[ -e $data/log/meta.properties ]] && return
    local format=(kafka.tools.StorageTool format -t wirewatch-local-kafka0 -c "$data/server.properties")
    "${java[@]}" -Xmx128m -XX:TieredStopAtLevel=1 "${format[@]}" >&2 ||
        fail "the data folder $data could not be formatted"
}

# Say when the broker, whose process is this shell's, takes connections.
announce() {
    while kill -0 $$ 2>/dev/null; do
        if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "kafka: ready on 127.0.0.1:$port, data in $data; Ctrl-C stops it" >&2
            return
        fi
        sleep 0.2
    done
}

start() {
    command -v java >/dev/null || fail "java is not on the PATH (Debian: apt-get install openjdk-17-jre-headless)"
    install
    configure
    local machine=(-Xmx512m)
    # One that ends with a test or a bench does not live to see the second compiler and the collector G1 pay.
    [[ -z ${KAFKA_FOLLOW_STDIN:-} ]] || machine+=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC)
    local broker=("${java[@]}" "${machine[@]}" kafka.Kafka "$data/server.properties")
    if [[ -z ${KAFKA_FOLLOW_STDIN:-} ]]; then
        announce &
        exec "${broker[@]}"
    fi
    exec 3<&0
    "${broker[@]}" &
    local pid=$!
    { cat <&3 >/dev/null && kill -KILL "$pid"; } &
    # SIGTERM reaches the whole process group, the broker too: wait until it has shut down
    trap : TERM
    while kill -0 "$pid" 2>/dev/null; do wait "$pid" || status=$?; done
    exit "${status:-0}"
}

case ${1:-start} in
    install) install ;;
    start) start ;;
    *) fail "unknown command $1; there are start and install" ;;
esac
