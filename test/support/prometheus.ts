import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { startProcess } from './process.js';

export interface PrometheusServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  origin: string;
  /** Ends the server and removes what it stored. */
  stop(): Promise<void>;
}

/** Starts a Prometheus server that reads a target's /metrics each second; resolves after its first answer. */
export async function startPrometheus(target: { origin: string }): Promise<PrometheusServer> {
  const home = await mkdtemp(join(tmpdir(), 'leakhunt-prometheus-'));
  const removeHome = () => rm(home, { recursive: true, force: true });
  try {
    await writeFile(join(home, 'prometheus.yml'), configurationFor(target));
    const server = await startProcess('sh', ['-c', `exec prometheus ${flags.join(' ')} 2>&1`], {
      ready: /msg="Listening on" address=(?<address>127\.0\.0\.1:\d+)/,
      cwd: home,
    });
    const origin = `http://${server.match.groups!.address}`;
    const stop = async () => void (await server.stop().finally(removeHome));
    try {
      await vi.waitFor(() => hasScraped(origin), { timeout: 20_000, interval: 100 });
      return { origin, stop };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    await removeHome();
    throw error;
  }
}

const flags = [
  '--config.file=prometheus.yml',
  '--storage.tsdb.path=data',
  '--web.listen-address=127.0.0.1:0',
  '--log.level=info',
];

/** JSON is YAML. */
function configurationFor({ origin }: { origin: string }): string {
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [{ job_name: 'upload', static_configs: [{ targets: [new URL(origin).host] }] }],
  });
}

async function hasScraped(origin: string): Promise<void> {
  const response = await fetch(`${origin}/api/v1/query?query=up`);
  const { data } = (await response.json()) as { data?: { result: { value: [number, string] }[] } };
  if (data?.result[0]?.value[1] !== '1') throw new Error('Prometheus has not read the target yet.');
}
