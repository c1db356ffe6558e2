import { chown, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeOwnFolder } from '../../target/processes/own-folder.js';
import type { RawProfile, Recording } from '../probe.js';
import { jcmdRun } from './jdk-tool.js';
import { jfrPrint } from './jfr-print.js';

/**
 * Two events and nothing else: a sample of 256 of the objects that were allocated and are still alive, and each start
 * of a thread, both with their stacks.
 */
const settings = `<?xml version="1.0" encoding="UTF-8"?>
<configuration version="2.0">
  <event name="jdk.OldObjectSample">
    <setting name="enabled">true</setting>
    <setting name="stackTrace">true</setting>
    <setting name="cutoff">0 ns</setting>
  </event>
  <event name="jdk.ThreadStart">
    <setting name="enabled">true</setting>
    <setting name="stackTrace">true</setting>
  </event>
</configuration>
`;

/** A recording whose owner was killed ends by itself. */
const longest = '10m';

/**
 * Starts a flight recording in a JVM (JDK 11 and newer). It is kept in the JVM's memory and not on its disk, so that
 * no file comes to its temp folder; what it wrote in the end lies in a folder of leakhunt's own until it was read.
 */
export async function recordJvm(pid: number): Promise<Recording> {
  const folder = await makeOwnFolder('recording');
  const name = `leakhunt-${process.pid}`;
  const file = join(folder, 'recording.jfr');
  let running = false;
  const close = async () => {
    if (running) await jcmdRun(String(pid), 'JFR.stop', `name=${name}`).catch(() => {});
    running = false;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await writeFile(join(folder, 'leakhunt.jfc'), settings);
    await giveTo(pid, folder);
    const options = [
      `name=${name}`,
      `settings=${join(folder, 'leakhunt.jfc')}`,
      'disk=false',
      `duration=${longest}`,
      `filename=${file}`,
      'path-to-gc-roots=true',
    ];
    const answer = await jcmdRun(String(pid), 'JFR.start', ...options);
    running = /^Started recording/m.test(answer);
    if (!running) throw new Error(`jcmd ${pid} JFR.start failed (${saidIn(answer)})`);
  } catch (error) {
    await close();
    throw error;
  }
  const stop = async (): Promise<RawProfile[]> => {
    // What is garbage by now is no leak: the sample holds it until it was collected.
    await jcmdRun(String(pid), 'GC.run');
    const threads = await jcmdRun(String(pid), 'Thread.print');
    const answer = await jcmdRun(String(pid), 'JFR.stop', `name=${name}`);
    running = false;
    if (!/^Stopped recording/m.test(answer))
      throw new Error(`jcmd ${pid} JFR.stop failed (${saidIn(answer)})`);
    return [
      { format: 'jfr-old-objects', bytes: Buffer.from(await jfrPrint('jdk.OldObjectSample', file)) },
      { format: 'jfr-thread-starts', bytes: Buffer.from(await jfrPrint('jdk.ThreadStart', file)) },
      { format: 'jvm-threads', bytes: Buffer.from(threads) },
    ];
  };
  return { stop, close };
}

/** A JVM of another user writes to the folder, which is closed to all others: root makes it that user's. */
async function giveTo(pid: number, folder: string): Promise<void> {
  if (process.geteuid?.() !== 0 || process.platform !== 'linux') return;
  const { uid, gid } = await stat(`/proc/${pid}`);
  for (const path of [join(folder, 'leakhunt.jfc'), folder]) await chown(path, uid, gid);
}

/** The first line that is not the process id. */
function saidIn(answer: string): string {
  const said = answer.split('\n').find(line => line.trim() !== '' && !/^\d+:$/.test(line));
  return said?.slice(0, 200) ?? 'without a word';
}
