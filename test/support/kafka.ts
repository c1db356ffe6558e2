import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProcess } from './process.js';
import { describeWith } from './toolchain.js';

/** A running Kafka broker with the topic `uploads`, of one partition. */
export interface Broker {
  /** `127.0.0.1:PORT`. */
  address: string;
  /** Ends the broker and removes what it stored. */
  stop(): Promise<void>;
}

const script = fileURLToPath(new URL('../../fixtures/kafka/broker.sh', import.meta.url));

/** `describeWith` for a broker and the Go service that writes to it. */
export const describeWithKafka = (name: string, suite: () => void) => describeWith('kafka', name, suite);

/**
 * Starts a broker; resolves once it answers. The first time on a machine, Maven downloads Kafka before that.
 */
export async function startBroker(): Promise<Broker> {
  const home = await mkdtemp(join(tmpdir(), 'leakhunt-kafka-'));
  const removeHome = () => rm(home, { recursive: true, force: true });
  try {
    const broker = await startProcess(script, ['uploads'], {
      ready: /^listening on (?<address>127\.0\.0\.1:\d+), topic uploads$/,
      env: { TMPDIR: home },
      timeout: 300_000,
    });
    const stop = async () => void (await broker.stop().finally(removeHome));
    return { address: broker.match.groups!.address!, stop };
  } catch (error) {
    await removeHome();
    throw error;
  }
}
