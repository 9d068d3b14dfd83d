#!/bin/bash
# One part of a scan per task of a Slurm array; no Ray needed.
#
#     sbatch examples/cluster/slurm-array.sh
#
# An example: `countermark scan … --part i/n` was run as below, the array was not submitted to a Slurm of ours. The work
# folders stand on a disk that all nodes share. A task that dies is submitted again as it is: what has a receipt is not
# scanned twice. When all are done, the last command (without --part) concludes: it reads nothing again.

#SBATCH --job-name=countermark
#SBATCH --array=1-100
#SBATCH --cpus-per-task=8
#SBATCH --mem=16G
#SBATCH --time=12:00:00
#SBATCH --requeue
#SBATCH --signal=B:TERM@120
# ^ two minutes before the end, Countermark lets the shards under way end, and leaves the rest to the next time

set -eu
# The index is mapped into memory: have it on the node's own disk, once for all tasks of the node.
LOCAL=${TMPDIR:-/var/tmp}/works.index
(
    flock 9
    [ -e "$LOCAL/manifest.json" ] || { cp -r /shared/works.index "$LOCAL.part" && mv -T "$LOCAL.part" "$LOCAL"; }
) 9> "$LOCAL.lock"

exec countermark scan "$LOCAL" /shared/corpus --out /shared/run \
    --part "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --workers "$SLURM_CPUS_PER_TASK"

# afterwards, once:
#     countermark scan /shared/works.index /shared/corpus --out /shared/run
#     countermark report /shared/run
