#!/bin/sh
# A Ray cluster by hand, and a scan on it. `head`, `node` and `scan` were run as written, with two nodes in network
# namespaces of one machine.
#
# Needed on every node: the same version of Countermark with its extra (pip install '.[ray]'), the same Python
# and Ray, the corpus under the same path (or at a URL), and a run folder that all share (or a URL).
set -eu

HEAD=${HEAD:-10.0.0.1}          # the address of the first machine, inside the cluster's own network
PORT=${PORT:-6379}

# Ray tells its makers how it is used, unless told not to.
export RAY_USAGE_STATS_ENABLED=0
# Whoever reaches a Ray cluster can run programs on it. Give all nodes the same secret (any 64 hexadecimal digits), and
# keep its ports inside the cluster's network.
export RAY_AUTH_MODE=token
export RAY_AUTH_TOKEN_PATH=${RAY_AUTH_TOKEN_PATH:-$HOME/.ray/auth_token}
# Ray gives its workers a niceness of 15: beside any other load they would hardly move. On nodes that others work on,
# and where the scan may wait for them, set it to 15 again. It counts where the node is started.
export RAY_worker_niceness=${RAY_worker_niceness:-0}
# Copies of the index lie here, on a disk of the node itself.
export COUNTERMARK_CACHE=${COUNTERMARK_CACHE:-/var/tmp/countermark}

# Without a token Ray ends with a traceback.
need_token() {
    if [ -n "${RAY_AUTH_TOKEN:-}" ] || [ -s "$RAY_AUTH_TOKEN_PATH" ]; then
        return
    fi
    cat >&2 <<END
$0: there is no token in $RAY_AUTH_TOKEN_PATH. Make one on the first machine, and copy the file to all others:
  (umask 077; mkdir -p "$(dirname "$RAY_AUTH_TOKEN_PATH")"; openssl rand -hex 32 > "$RAY_AUTH_TOKEN_PATH")
END
    exit 2
}

case ${1:-} in
head)    # on the first machine
    need_token
    # A small object store is enough: nothing of a scan is kept in Ray.
    ray start --head --node-ip-address="$HEAD" --port="$PORT" --include-dashboard=false \
        --disable-usage-stats --object-store-memory=80000000
    ;;
node)    # on each further machine
    need_token
    ray start --address="$HEAD:$PORT" --disable-usage-stats --object-store-memory=80000000
    ;;
scan)    # on the first machine again:  ray-start.sh scan works.index /data/corpus --out /shared/run
    need_token
    shift
    countermark scan "$@" --runner ray --address "$HEAD:$PORT"
    ;;
stop)    # on every machine
    ray stop
    ;;
*)
    echo "usage: $0 head | node | scan INDEX CORPUS --out RUN | stop" >&2
    exit 2
    ;;
esac
