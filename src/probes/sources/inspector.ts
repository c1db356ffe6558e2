import { messageOf } from '../../errors.js';

import type { UploadConnection } from '../../net/uploads.js';

import { redactAddress, redactUrl } from '../../redact.js';

import type { Target } from '../../target/locate/locate.js';
import type { Claim } from '../belongs.js';
import { addressOf, readPage } from '../http.js';
import { type Probe, probeError, type Source, SourceUnavailable } from '../probe.js';
import { Cdp } from './cdp.js';
import { Isolate, isAmount, sumOf } from './inspector-isolate.js';
import { startSampling } from './inspector-sampling.js';
import { takeSnapshot } from './inspector-snapshot.js';
import { WorkerThreads } from './inspector-workers.js';

/**
 * The id of the process, when it began in seconds since the epoch, where it listens, and its cluster's
 * workers.
 */
const whose = `(() => {
  const ports = process._getActiveHandles?.().map(handle => handle.listening && handle.address?.()?.port) ?? [];
  const cluster = typeof require === 'function' ? require('node:cluster') : process.getBuiltinModule?.('node:cluster');
  const workers = Object.keys(cluster?.workers ?? {}).length;
  return [process.pid, Date.now() / 1000 - process.uptime(), workers, ...ports.filter(Boolean)];
})()`;

export const inspectorSource: Source = {
  open: inspector,
  auto: true,
  example: 'inspector=HOST:9229',
  collects: true,
  runtime: 'node',
  ofProcess: true,
  ports: { each: true, usual: 9229 },
  advice: {
    node: {
      sentence:
        'Start it with node --inspect, let leakhunt start it (--start), or let leakhunt open its inspector (--allow-signals).',
      todo: 'start it with node --inspect=127.0.0.1:0 (or let leakhunt: --start, --allow-signals), to see the heap exactly',
      instead: {
        bun: null,
        'inspector-on': {
          sentence: 'Its inspector is on: name its address by --probe inspector=HOST:PORT.',
          todo: 'name the address of its inspector (--probe inspector=HOST:PORT), to see the heap exactly',
        },
        'no-inspector-signal': {
          sentence: 'Start it with node --inspect, or let leakhunt start it (--start).',
          todo: 'start it with node --inspect=127.0.0.1:0 (or let leakhunt: --start), to see the heap exactly',
        },
      },
    },
  },
};

/** A heap that grew by a smaller part than this of what the largest grew by is not asked what is in it. */
const smallPart = 0.1;

/**
 * A Node process with its inspector open (`--inspect`): the heap after forced collection, buffers and active handles,
 * those of its worker threads included.
 */
export async function inspector(target: Target, argument?: string): Promise<Probe> {
  const url = argument === undefined ? await debuggerAmong(target) : await debuggerAt(argument, target.via);
  const cdp = await Cdp.open(url, target.via).catch(error => {
    throw new SourceUnavailable(messageOf(error));
  });

  const failed = (error: unknown): never => {
    throw probeError('inspector', `${messageOf(error)}.`, error);
  };
  const call = <Result>(method: string, params?: object) => cdp.call<Result>(method, params).catch(failed);
  // A Node process that ends waits for its debugger to leave, and keeps its connections open meanwhile.
  cdp.on('NodeRuntime.waitingForDisconnect', () => cdp.close());
  await cdp
    .call('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true }, { timeout: 5_000 })
    .catch(() => {});
  const sampling = await startSampling(cdp);
  const main = new Isolate(cdp);
  const threads = await WorkerThreads.of(cdp);
  const known = new WeakMap<Cdp, Isolate>();
  const isolates = () =>
    threads.sessions.map(session => {
      const isolate = known.get(session) ?? new Isolate(session);
      known.set(session, isolate);
      return isolate;
    });
  const snapshotsOf = (isolate: Isolate) => ({
    snapshotSeconds: () => isolate.snapshotSeconds,
    snapshot: async function* () {
      try {
        yield* takeSnapshot(isolate.cdp);
      } catch (error) {
        failed(error);
      }
    },
  });

  return {
    source: 'inspector',
    endpoint: shownPlace(url),
    claim: async () => {
      const answer = await call<{ result?: { value?: unknown } }>('Runtime.evaluate', {
        expression: whose,
        returnByValue: true,
        // It has `require`, whatever kind of module the program is.
        includeCommandLineAPI: true,
      });
      return claimOf(answer.result?.value);
    },
    collect: async () => {
      await main.collect().catch(failed);
      await Promise.all(isolates().map(each => each.collect().catch(() => {})));
    },
    read: async () => {
      const own = await main.read().catch(failed);
      // One that ends meanwhile takes its heap with it.
      const others = await Promise.all(isolates().map(each => each.read().catch(() => undefined)));
      return sumOf([own, ...others.filter(sample => sample !== undefined)]);
    },
    ...(sampling && { profile: () => sampling.profile().catch(failed) }),
    ...snapshotsOf(main),
    get heaps() {
      const all = [main, ...isolates()];
      const most = Math.max(...all.map(({ grown }) => grown));
      return all.filter(({ grown }) => grown >= smallPart * most).map(snapshotsOf);
    },
    close: async () => {
      await sampling?.stop();
      cdp.close();
    },
  };
}

/** Without the debugger's id, which changes at each start, and without credentials. */
function shownPlace(url: string): string {
  const place = URL.canParse(url) ? redactUrl(new URL(url)) : redactAddress(url);
  return place.slice(0, place.lastIndexOf('/') + 1);
}

function claimOf(value: unknown): Claim {
  if (!Array.isArray(value) || value.length < 3 || !value.every(isAmount)) return { runtime: 'node' };
  const [pid, started, workers, ...ports] = value as [number, number, number, ...number[]];
  return { runtime: 'node', pid, started: [started], workers, ports };
}

/** The inspector on one of the process's own ports. */
async function debuggerAmong({ ports, via }: Target): Promise<string> {
  for (const port of ports) {
    const url = await debuggerAt(`127.0.0.1:${port}`, via).catch(() => undefined);
    if (url) return url;
  }
  throw new SourceUnavailable('no port of the process is a Node inspector (start it with node --inspect)');
}

/** The WebSocket address of the first debugger in an inspector's `/json/list`. */
async function debuggerAt(argument: string, via?: UploadConnection): Promise<string> {
  if (/^wss?:\/\//.test(argument)) return argument;
  const list = addressOf(argument, '/json/list').href;
  const page = await readPage(list, { timeout: 2_000, via }).catch(error => {
    throw new SourceUnavailable(messageOf(error));
  });
  const url = page.status === 200 ? /"webSocketDebuggerUrl":\s*"(ws:[^"]+)"/.exec(page.text)?.[1] : undefined;
  if (!url) throw new SourceUnavailable(`${redactUrl(new URL(list))} is not the list of a Node inspector`);
  return url;
}
