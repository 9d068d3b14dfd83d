#!/bin/sh
# A Ray cluster by hand, and a scan on it. `head`, `node` and `scan` were run as written, with two nodes in network
# namespaces of one machine.
#
# Needed on every node: the same version of Countermark with its extra (pip install 'countermark[ray]'), the same Python
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
# Copies of the index lie here, on a disk of the node itself.
export COUNTERMARK_CACHE=${COUNTERMARK_CACHE:-/var/tmp/countermark}

case ${1:-} in
head)    # on the first machine
    # A small object store is enough: nothing of a scan is kept in Ray.
    ray start --head --node-ip-address="$HEAD" --port="$PORT" --include-dashboard=false \
        --disable-usage-stats --object-store-memory=80000000
    ;;
node)    # on each further machine
    ray start --address="$HEAD:$PORT" --disable-usage-stats --object-store-memory=80000000
    ;;
scan)    # on the first machine again:  ray-start.sh scan works.index /data/corpus --out /shared/run
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
