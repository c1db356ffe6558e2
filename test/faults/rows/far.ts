import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Remote, startRemote } from '../../support/remote.js';
import type { Ended, Fault } from '../row.js';
import { shell } from '../shell.js';

const app = fileURLToPath(new URL('../../setups/app.mjs', import.meta.url));

const short = '--size 1kB --settle 0.1 --warm-up 1 --json record.json';
const still = `--probe 'exec=echo {\\"open-files\\":5}'`;

interface Far extends Omit<Fault, 'group' | 'run'> {
  flags: string;
  /** What happens to its network: before the hunt, or once it uploads. */
  before?(remote: Remote, port: string): Promise<unknown>;
  meanwhile?(remote: Remote, port: string): Promise<unknown>;
  /** Where its inspector listens, if it does. */
  inspects?: true;
  check?(record: FarRecord): void;
}

interface FarRecord {
  target?: { pid?: number; probes: { source: string; endpoint: string }[] };
  load?: { sent: number; completed: number; failed: number; seconds: number };
  error?: { message: string };
  warnings?: string[];
}

/** A hunt of a server in a network of its own, which is reached like another machine. */
function far({ flags, before, meanwhile, inspects, check, ...row }: Far): Fault {
  return {
    record: true,
    ...row,
    group: 'network',
    run: async folder => {
      const remote = await startRemote();
      const inspector = inspects ? [`--inspect=${remote.address}:9229`] : [];
      const target = await remote.start(process.execPath, [...inspector, app, 'flat', remote.address]);
      const { port } = new URL(target.url);
      await before?.(remote, port);
      const late = setTimeout(() => void meanwhile?.(remote, port), 2_000);
      const ended = await shell(`leakhunt upload ${target.url} ${flags} ${short}`, folder);
      clearTimeout(late);
      const record: FarRecord = JSON.parse(
        await readFile(join(folder, 'record.json'), 'utf8').catch(() => '{}'),
      );
      check?.(record);
      return told(ended, record);
    },
  };
}

/** What the report says of its end stands on standard output, with line breaks. */
function told(ended: Ended, { error, warnings = [] }: FarRecord): Ended {
  return { ...ended, stderr: [ended.stderr, error?.message, ...warnings].filter(Boolean).join('\n') };
}

const rule = (remote: Remote, port: string, ...then: string[]) =>
  remote.run('iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', port, ...then);

const whole = ({ load }: FarRecord) => expect(load).toMatchObject({ sent: 80, completed: 80, failed: 0 });

/** A hunt that is long enough to be broken in the middle. */
const slow = `-n 10 -c 2 --think-time 0.1 --rounds 30 -m 0.5 ${still}`;

/** A target on another machine, and what becomes of the way to it. */
export const farFaults: Fault[] = [
  far({
    name: 'a target on another machine is read by its inspector',
    done: 'a target in a network of its own, with `--inspect=ADDRESS:9229`',
    exitCode: 3,
    flags: '-n 20 -c 4 --rounds 3 --no-snapshots',
    inspects: true,
    check: record => {
      expect(record.target?.probes).toMatchObject([{ source: 'inspector' }]);
      expect(record.target?.pid).toBeUndefined();
      whole(record);
    },
  }),
  far({
    name: 'a way that loses one packet of twenty loses no upload',
    done: 'the network drops 5% of the packets (iptables, statistic)',
    exitCode: 3,
    flags: `-n 20 -c 4 --rounds 3 ${still}`,
    before: (remote, port) =>
      rule(remote, port, '-m', 'statistic', '--mode', 'random', '--probability', '0.05', '-j', 'DROP'),
    check: whole,
  }),
  far({
    name: 'a way that is dead from some upload on is told with the limit',
    done: 'the network drops every packet from some upload on (iptables, DROP), with `-m 0.5`',
    says: /uploads failed; the first ones got no response \(TIMEOUT: no complete response within 0.5 s\)/,
    exitCode: 4,
    flags: slow,
    meanwhile: (remote, port) => rule(remote, port, '-j', 'DROP'),
  }),
  far({
    name: 'a way that refuses every packet from some upload on is told with the first reset',
    done: 'the network answers every packet by RST from some upload on (iptables, REJECT)',
    says: /uploads failed; the first ones got no response \(ECONN(RESET|REFUSED): /,
    exitCode: 4,
    flags: slow,
    meanwhile: (remote, port) => rule(remote, port, '-j', 'REJECT', '--reject-with', 'tcp-reset'),
  }),
  far({
    name: 'a way that was dead from the beginning is told before anything is sent',
    done: 'the network drops every packet, with `--connect-timeout 1`',
    says: /198\.18\.7\.2:\d+ did not accept a connection within 1 s: check the host, or raise --connect-timeout/,
    exitCode: 4,
    record: false,
    flags: `--connect-timeout 1 -n 10 --rounds 3 ${still}`,
    before: (remote, port) => rule(remote, port, '-j', 'DROP'),
  }),
];

/** The same with a delay that only some kernels can make. */
export const delayFaults: Fault[] = [
  far({
    name: 'a network that takes 200 ms more for each packet only takes longer',
    done: '`tc qdisc add dev DEVICE root netem delay 200ms` in the network of the target',
    exitCode: 3,
    flags: `-n 20 -c 20 --rounds 3 ${still}`,
    before: async remote => {
      const device = '$(ls /sys/class/net | grep -m 1 ^lp)';
      await remote.run('sh', '-c', `tc qdisc add dev ${device} root netem delay 200ms`);
    },
    check: whole,
  }),
];

/** Rounds too long for a test of seconds. */
export const longFaults: Fault[] = [
  far({
    name: 'rounds of a hundred thousand uploads are sent and ended by the time limit',
    done: '`-n 100000 --time-limit 1`',
    says: /The hunt ended at its time limit: raise it with --time-limit\./,
    exitCode: 3,
    flags: `-n 100000 -c 10 --time-limit 1 ${still}`,
  }),
];
