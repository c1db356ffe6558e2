import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { heapRange, jcmd, totalOf } from '../../src/probes/sources/jcmd.js';
import { keptObjects, liveThreads, startedThreads } from '../../src/profiles/jvm/flight-recording.js';
import { siteOf } from '../../src/profiles/ownership.js';
import { describeWith } from '../support/toolchain.js';

const here = { url: new URL('http://127.0.0.1:1'), ports: [] };

/** Does what each line of its standard input asks for, then says so. */
const program = `
import java.util.*;
import java.util.concurrent.*;
public class Keeper {
  static final List<byte[]> kept = new ArrayList<>(1 << 20);
  static final Map<Integer, byte[]> map = new ConcurrentHashMap<>();
  static final List<Runnable> listeners = new ArrayList<>();
  static final ThreadLocal<List<byte[]>> local = ThreadLocal.withInitial(ArrayList::new);
  static void keep() { kept.add(new byte[1000]); }
  static void map() { map.put(map.size(), new byte[1000]); }
  static void listen() { byte[] bytes = new byte[1000]; listeners.add(() -> System.out.println(bytes)); }
  static void local() { local.get().add(new byte[1000]); }
  static void pool() { Executors.newFixedThreadPool(1).submit(() -> 1); }
  static int garbage() { return new byte[1000].length; }
  public static void main(String[] args) {
    Scanner in = new Scanner(System.in);
    System.out.println("ready");
    while (in.hasNextLine()) {
      String[] words = in.nextLine().split(" ");
      for (int i = 0; i < Integer.parseInt(words[1]); i++) {
        switch (words[0]) {
          case "keep": keep(); break;
          case "map": map(); break;
          case "listen": listen(); break;
          case "local": local(); break;
          case "pool": pool(); break;
          default: garbage();
        }
      }
      System.out.println("done");
    }
    System.exit(0);
  }
}`;

describeWith('java', 'jcmd', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
    await writeFile(join(folder, 'Keeper.java'), program);
    expect(spawnSync('javac', ['Keeper.java'], { cwd: folder }).status).toBe(0);
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true }));

  /** A JVM that does what it is told; warmed up, for the first keeping loads classes. */
  async function startKeeper(...options: string[]) {
    const child = spawn('java', [...options, '-Xmx128m', '-cp', folder, 'Keeper'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const lines = createInterface({ input: child.stdout });
    await once(lines, 'line');
    const tell = async (what: string) => {
      child.stdin.write(`${what}\n`);
      await once(lines, 'line');
    };
    await tell('keep 1');
    await tell('garbage 1');
    return { pid: child.pid!, tell, kill: () => child.kill('SIGKILL'), ended: once(child, 'exit') };
  }

  test.each(['G1', 'Parallel', 'Serial', 'Z'])(
    'counts what is kept to the object, and no garbage, with the %s collector',
    async collector => {
      const keeper = await startKeeper(`-XX:+Use${collector}GC`);
      const probe = await jcmd({ ...here, pid: keeper.pid });
      const before = (await probe.read()).values;
      await keeper.tell('garbage 20000');
      await keeper.tell('keep 5000');
      await probe.collect!();
      const { values, identity } = await probe.read();
      // An array of 1,000 bytes takes 1,016. The JVM itself makes and drops some objects in the meantime.
      expect((values['heap-objects']! - before['heap-objects']!) / 5000).toBeCloseTo(1, 1);
      expect((values.heap! - before.heap!) / 5000 / 1016).toBeCloseTo(1, 1);
      expect(identity).toMatch(new RegExp(`^${keeper.pid} `));
    },
    60_000,
  );

  test('is exact also where explicit collections are switched off', async () => {
    const keeper = await startKeeper('-XX:+DisableExplicitGC');
    const probe = await jcmd(here, String(keeper.pid));
    const before = (await probe.read()).values.heap!;
    await keeper.tell('garbage 20000');
    await probe.collect!();
    expect(Math.abs((await probe.read()).values.heap! - before)).toBeLessThan(100_000);
  }, 60_000);

  test('names the line that keeps objects, what keeps them, and the line that starts threads', async () => {
    const keeper = await startKeeper('-XX:TLABSize=64k', '-XX:-ResizeTLAB');
    const probe = await jcmd({ ...here, pid: keeper.pid });
    const recording = await probe.record!();
    for (const what of ['keep', 'map', 'listen', 'local', 'pool']) await keeper.tell(`${what} 100`);
    for (const what of ['keep', 'map', 'listen', 'local', 'garbage']) await keeper.tell(`${what} 2000`);
    const told = await recording.stop();
    await recording.close();
    const text = (wanted: string) =>
      Buffer.from(told.find(({ format }) => format === wanted)!.bytes).toString();
    const objects = keptObjects(text('jfr-old-objects')).filter(({ className }) => className === 'byte[]');
    const lines = new Map(
      objects.map(({ stack, keptBy }) => [siteOf(stack, 'call-site').function, keptBy[0]]),
    );
    expect(Object.fromEntries(lines)).toMatchObject({
      'Keeper.keep': 'static Keeper.kept',
      'Keeper.map': 'static Keeper.map',
      'Keeper.listen': 'static Keeper.listeners',
      'Keeper.local': expect.stringMatching(/^thread "main"/),
    });
    expect([...lines.keys()].filter(name => name.startsWith('Keeper.garbage'))).toEqual([]);
    const living = liveThreads(text('jvm-threads'));
    const started = startedThreads(text('jfr-thread-starts')).filter(
      // The JVM starts threads of its own, without a stack.
      ({ id, stack }) => living.has(id) && stack.length > 0,
    );
    expect(started.map(({ stack }) => siteOf(stack, 'call-site').function)).toEqual(
      Array<string>(100).fill('Keeper.pool'),
    );
  }, 60_000);

  test('leaves no file behind when a recording ends, and none in the temp folder of the JVM meanwhile', async () => {
    const tmp = await mkdtemp(join(folder, 'tmp-'));
    const keeper = await startKeeper(`-Djava.io.tmpdir=${tmp}`);
    const probe = await jcmd({ ...here, pid: keeper.pid });
    const own = async () => (await readdir(tmpdir())).filter(name => name.startsWith('leakhunt-recording-'));
    const before = await own();
    const recording = await probe.record!();
    expect(await readdir(tmp)).toEqual([]);
    await recording.close();
    expect([await readdir(tmp), await own()]).toEqual([[], before]);
  }, 60_000);

  test.each([
    ['-XX:+DisableAttachMechanism', 'was started with -XX:+DisableAttachMechanism'],
    ['-Xrs', 'was started with -Xrs'],
  ])(
    'is refused by a JVM with %s, which is told and left alive',
    async (option, words) => {
      const keeper = await startKeeper(option);
      await expect(jcmd({ ...here, pid: keeper.pid })).rejects.toThrow(words);
      await keeper.tell('keep 1');
    },
    60_000,
  );

  test('of a JVM that has ended is an error, not a zero', async () => {
    const keeper = await startKeeper();
    const probe = await jcmd({ ...here, pid: keeper.pid });
    keeper.kill();
    await keeper.ended;
    await expect(probe.read()).rejects.toMatchObject({
      code: 'PROBE_FAILED',
      exitCode: 4,
      message: expect.stringMatching(/^The jcmd probe failed: jcmd \d+ GC\.class_histogram failed \(.+\)\.$/),
    });
  }, 60_000);

  test('that is not installed is not there, and says what to install', async () => {
    const keeper = await startKeeper();
    vi.stubEnv('PATH', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(jcmd({ ...here, pid: keeper.pid })).rejects.toThrow(
      'jcmd is not installed: install the JDK',
    );
  }, 60_000);
});

test('the last line of a class histogram has the objects and bytes that are alive', async () => {
  // Recorded with JDK 17: a program that keeps 1,000 arrays of 1,000 bytes.
  const page = new URL('../../fixtures/captures/metrics/class-histogram.txt', import.meta.url);
  expect(totalOf(await readFile(page, 'utf8'))).toEqual({ objects: 24_345, bytes: 6_298_048 });
  expect(totalOf('4711:\njava.lang.IllegalArgumentException: Unknown diagnostic command\n')).toBeUndefined();
});

describe('the addresses of the heap', () => {
  // Written by JDK 17 at -Xmx64m.
  const pages = {
    G1: '1:\n garbage-first heap   total 65536K, used 7598K [0x00000000fc000000, 0x0000000100000000)\n  region size 1024K, 5 young (5120K), 1 survivors (1024K)\n Metaspace       used 8894K, committed 9088K, reserved 1114112K\n',
    Parallel:
      '1:\n PSYoungGen      total 18944K, used 14119K [0x00000000feb00000, 0x0000000100000000, 0x0000000100000000)\n  eden space 16384K, 86% used [0x00000000feb00000,0x00000000ff8c9dd0,0x00000000ffb00000)\n ParOldGen       total 44032K, used 0K [0x00000000fc000000, 0x00000000feb00000, 0x00000000feb00000)\n Metaspace       used 8916K\n',
    Serial:
      '1:\n def new generation   total 19648K, used 14083K [0x00000000fc000000, 0x00000000fd550000, 0x00000000fd550000)\n tenured generation   total 43712K, used 0K [0x00000000fd550000, 0x0000000100000000, 0x0000000100000000)\n',
    Shenandoah:
      '1:\nShenandoah Heap\n 65536K max, 65536K committed, 13952K used\nReserved region:\n - [0x00000000fc000000, 0x0000000100000000) \nCollection set:\n - map (vanilla): 0x0000000000013f00\n',
  };

  test.each(Object.entries(pages))('are read of %s', (_, page) => {
    expect(heapRange(page)).toEqual({ from: 0xfc000000n, to: 0x100000000n });
  });

  test('are not told by ZGC', () => {
    expect(heapRange('1:\n ZHeap           used 14M, capacity 64M, max capacity 64M\n')).toBeUndefined();
  });
});

describe.skipIf(process.platform !== 'linux')('jcmd (Linux only)', () => {
  test('leaves a process alone that is no JVM: being attached to would end it', async () => {
    const child = spawn('sleep', ['1000']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    await expect(jcmd({ ...here, pid: child.pid })).rejects.toThrow(`process ${child.pid} is not a JVM`);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  });

  test.each([
    ['0', 'is not a process id'],
    ['Main', 'is not a process id'],
    ['999999999', 'there is no process'],
  ])('--probe jcmd=%s is refused', async (argument, words) => {
    await expect(jcmd(here, argument)).rejects.toThrow(words);
  });
});
