import { onTestFinished } from 'vitest';
import { startProcess } from './process.js';
import { run, startTarget, type Target } from './target.js';

/** Something like another machine: a network of its own, which this one reaches by an address. */
export interface Remote {
  address: string;
  /** Runs a command in that network, such as one that breaks it. */
  run(command: string, ...args: string[]): Promise<unknown>;
  /** Starts an upload server there, which prints the address that it listens on. */
  start(command: string, args: readonly string[]): Promise<Target>;
}

/** Addresses for tests of network devices (RFC 2544). */
const [here, there] = ['198.18.7.1', '198.18.7.2'];

export async function startRemote(): Promise<Remote> {
  const holder = await startProcess('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep 600'], {
    ready: /^ready$/,
  });
  const inside = `--net=/proc/${holder.pid}/ns/net`;
  const ip = (...args: string[]) => run('ip', args, '/');
  const ipThere = (...args: string[]) => run('nsenter', [inside, 'ip', ...args], '/');
  const [device, peer] = [`lh${holder.pid}`, `lp${holder.pid}`];
  await ip('link', 'add', device, 'type', 'veth', 'peer', 'name', peer, 'netns', String(holder.pid));
  onTestFinished(async () => {
    // The kernel removes it with its network, but not at once: another one with the same address may come.
    await ip('link', 'delete', device);
    await holder.stop();
  });
  await ip('address', 'add', `${here}/30`, 'dev', device);
  await ip('link', 'set', device, 'up');
  await ipThere('address', 'add', `${there}/30`, 'dev', peer);
  await ipThere('link', 'set', peer, 'up');
  await ipThere('link', 'set', 'lo', 'up');
  return {
    address: there,
    run: (...words) => run('nsenter', [inside, ...words], '/'),
    start: async (command, args) => {
      const target = await startTarget('nsenter', [inside, command, ...args]);
      onTestFinished(async () => void (await target.stop()));
      return target;
    },
  };
}
