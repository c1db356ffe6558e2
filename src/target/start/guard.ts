import { spawn } from 'node:child_process';
import { markName } from './environment.js';
import { signal } from './signal.js';

export interface GuardOptions {
  mark: string;
  folder: string;
  stop?: string;
  /** Seconds. */
  stopTimeout: number;
  stopLimit: number;
  cwd?: string;
  /** The environment that `stop` is run with. */
  env: NodeJS.ProcessEnv;
}

export interface Guard {
  readonly pid: number | undefined;
  /** Sets the process group to end; none once it is known to be empty, because its number may be reused. */
  watch(group: number | undefined): void;
  /** Ends the guard itself. */
  dismiss(): void;
}

/**
 * What remains to be done if leakhunt is killed: run the stop command, ask the group and everything with the
 * mark to end, and kill it. The guard carries no mark, or it would take itself and its grep for leftovers.
 */
const script = `
group=; begun=
while read -r line; do group=$line; begun=1; done
mark=$1; folder=$2; tenths=$3; limit=$4; assignment=$5
stop=$LEAKHUNT_STOP; unset LEAKHUNT_STOP
marked() { grep -lsF -- "$mark" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3; }
lives() { { [ -n "$group" ] && kill -s 0 -- "-$group" 2>/dev/null; } || [ -n "$(marked)" ]; }
end() {
  [ -n "$group" ] && kill -s "$1" -- "-$group" 2>/dev/null
  for pid in $(marked); do kill -s "$1" "$pid" 2>/dev/null; done
}
if [ -n "$stop" ] && [ -n "$begun" ]; then
  (export "$assignment"; eval "$stop") >/dev/null 2>&1 &
  stopping=$!; i=0
  while [ "$i" -lt "$limit" ] && kill -s 0 "$stopping" 2>/dev/null; do sleep 0.1; i=$((i + 1)); done
  kill -s KILL "$stopping" 2>/dev/null
fi
end TERM; i=0
while [ "$i" -lt "$tenths" ] && lives; do sleep 0.1; i=$((i + 1)); done
end KILL
rm -rf -- "$folder"
`;

/** A shell that only waits for this process to end, in any way, and then cleans up after it. */
export function standGuard({ mark, folder, stop, stopTimeout, stopLimit, cwd, env }: GuardOptions): Guard {
  const tenths = (seconds: number) => String(Math.ceil(seconds * 10));
  const { [markName]: marks, ...unmarked } = env;
  const args = [mark, folder, tenths(stopTimeout), tenths(stopLimit), `${markName}=${marks}`];
  const guard = spawn('/bin/sh', ['-c', script, 'sh', ...args], {
    cwd,
    // Every user may read a command line, but nobody else an environment.
    env: { ...unmarked, LEAKHUNT_STOP: stop ?? '' },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  return {
    pid: guard.pid,
    watch: group => void guard.stdin.write(`${group ?? ''}\n`),
    dismiss() {
      if (guard.pid !== undefined && guard.exitCode === null) signal(-guard.pid, 'SIGKILL');
      guard.stdin.destroy();
    },
  };
}
