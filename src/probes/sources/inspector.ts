import { messageOf } from '../../errors.js';

import type { UploadConnection } from '../../net/uploads.js';

import { redactAddress, redactUrl } from '../../redact.js';

import type { Target } from '../../target/locate/locate.js';
import type { Claim } from '../belongs.js';
import { addressOf, readPage } from '../http.js';
import { type Probe, probeError, type Sample, type Source, SourceUnavailable } from '../probe.js';
import { Cdp } from './cdp.js';
import { startSampling } from './inspector-sampling.js';
import { takeSnapshot } from './inspector-snapshot.js';

/** The same text each time: V8 keeps its code, so that a reading adds nothing to the heap after the first few. */
const expression = `(() => {
  const { external, arrayBuffers, heapTotal } = process.memoryUsage();
  return [external, arrayBuffers, process.getActiveResourcesInfo?.().length ?? -1, heapTotal];
})()`;

/** The id of the process, when it began in seconds since the epoch, where it listens, and its cluster's workers. */
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
        'Start it with node --inspect, let leakhunt start it (--start) or open its inspector (--allow-signals).',
      todo: 'start it with node --inspect=127.0.0.1:0 (or let leakhunt: --start, --allow-signals), to see the heap exactly',
    },
  },
};

/** Milliseconds that a collection may take, and as much again for each GiB of the heap: on a busy machine one takes 20 s. */
const longestCollection = 20_000;

/**
 * A heap snapshot takes so many times as long as a collection of the same heap, which also goes from object to object:
 * 28 to 69 times in Node 20, with strings in a Map, small objects, closures and large strings, 200,000 and more of each.
 */
const snapshotPerCollection = 50;

/** A Node process with its inspector open (`--inspect`): the heap after forced collection, buffers, active handles. */
export async function inspector(target: Target, argument?: string): Promise<Probe> {
  const url = argument === undefined ? await debuggerAmong(target) : await debuggerAt(argument, target.via);
  const cdp = await Cdp.open(url, target.via).catch(error => {
    throw new SourceUnavailable(messageOf(error));
  });

  const failed = (error: unknown): never => {
    throw probeError('inspector', `${messageOf(error)}.`, error);
  };
  let used = 0;
  let collectionSeconds = 0;
  const collect = async () => {
    const timeout = longestCollection * (1 + used / 2 ** 30);
    const start = performance.now();
    await cdp.call('HeapProfiler.collectGarbage', {}, { timeout }).catch(failed);
    collectionSeconds = (performance.now() - start) / 1000;
  };
  const readUsed = async () => {
    const { usedSize } = await call<{ usedSize?: unknown }>('Runtime.getHeapUsage');
    if (!isAmount(usedSize)) return failed(new Error('Runtime.getHeapUsage answered no usedSize'));
    used = usedSize;
    return usedSize;
  };
  const call = <Result>(method: string, params?: object) => cdp.call<Result>(method, params).catch(failed);
  // A Node process that ends waits for its debugger to leave, and keeps its connections open meanwhile.
  cdp.on('NodeRuntime.waitingForDisconnect', () => cdp.close());
  await cdp
    .call('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true }, { timeout: 5_000 })
    .catch(() => {});
  const sampling = await startSampling(cdp);

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
      if (used === 0) await readUsed();
      await collect();
    },
    read: async () => {
      await collect();
      type Evaluated = { result?: { value?: unknown } };
      const { result } = await call<Evaluated>('Runtime.evaluate', { expression, returnByValue: true });
      return sampleOf(await readUsed(), result?.value);
    },
    ...(sampling && { profile: () => sampling.profile().catch(failed) }),
    snapshot: async function* () {
      try {
        yield* takeSnapshot(cdp);
      } catch (error) {
        failed(error);
      }
    },
    snapshotSeconds: () => snapshotPerCollection * collectionSeconds,
    close: async () => {
      await sampling?.stop();
      cdp.close();
    },
  };
}

/** Without the id of the debugger, which is another one at each start, and without credentials. */
function shownPlace(url: string): string {
  const place = URL.canParse(url) ? redactUrl(new URL(url)) : redactAddress(url);
  return place.slice(0, place.lastIndexOf('/') + 1);
}

function claimOf(value: unknown): Claim {
  if (!Array.isArray(value) || value.length < 3 || !value.every(isAmount)) return { runtime: 'node' };
  const [pid, started, workers, ...ports] = value as [number, number, number, ...number[]];
  return { runtime: 'node', pid, started: [started], workers, ports };
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function sampleOf(usedSize: number, usage: unknown): Sample {
  if (!Array.isArray(usage) || usage.length < 3 || !usage.every(isAmount)) {
    return { values: { heap: usedSize } };
  }
  const [external, arrayBuffers, handles, heapTotal] = usage as [number, number, number, number?];
  return {
    values: {
      heap: usedSize,
      external,
      'array-buffers': arrayBuffers,
      ...(handles < 0 ? {} : { 'active-handles': handles }),
    },
    committed: heapTotal,
  };
}

/** The inspector on one of the process's own ports. */
async function debuggerAmong({ ports, via }: Target): Promise<string> {
  for (const port of ports) {
    const url = await debuggerAt(`127.0.0.1:${port}`, via).catch(() => undefined);
    if (url) return url;
  }
  throw new SourceUnavailable(
    'none of the ports of the process is a Node inspector (start it with node --inspect)',
  );
}

/** The WebSocket address of the first debugger that an inspector's `/json/list` names. */
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
