import { spawn } from 'node:child_process';
import { markName } from './environment.js';
import { signal } from './signal.js';

export interface GuardOptions {
  mark: string;
  /** What is removed at the end. */
  folders: readonly string[];
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
mark=$1; tenths=$2; limit=$3; assignment=$4; shift 4
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
rm -rf -- "$@"
`;

/** A shell that does nothing but wait for this process to end, however it ends, and then cleans up after it. */
export function standGuard({ mark, folders, stop, stopTimeout, stopLimit, cwd, env }: GuardOptions): Guard {
  const tenths = (seconds: number) => String(Math.ceil(seconds * 10));
  const { [markName]: marks, ...unmarked } = env;
  const args = [mark, tenths(stopTimeout), tenths(stopLimit), `${markName}=${marks}`, ...folders];
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
