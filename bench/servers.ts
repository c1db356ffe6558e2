import { type DemoLeak, startDemo } from '../src/target/demo/demo.js';
import { startCTarget } from '../test/support/c.js';
import { buildGoTarget, startGoTarget } from '../test/support/go.js';
import { startJavaTarget } from '../test/support/java.js';
import { startPythonTarget } from '../test/support/python.js';

interface Running {
  url: string;
  probes: string[];
  stop(): Promise<unknown>;
}

/** A server to hunt: what it is, and what it keeps of each upload. */
export interface Server {
  name: string;
  keeps: string;
  start(): Promise<Running>;
}

const go = (leak: string, keeps: string): Server => ({
  name: 'Go (gin)',
  keeps,
  start: async () => ({
    probes: ['auto'],
    ...(await startGoTarget(await buildGoTarget('go-gin'), ['-leak', leak])),
  }),
});

const node = (leak: DemoLeak, keeps: string): Server => ({
  name: 'Node',
  keeps,
  start: async () => {
    const target = await startDemo(leak);
    return { ...target, probes: [`inspector=${target.inspector}`, 'auto'] };
  },
});

const python = (leak: string, keeps: string): Server => ({
  name: 'Python (Starlette)',
  keeps,
  start: async () => ({ probes: ['auto'], ...(await startPythonTarget('uvicorn', leak)) }),
});

const java = (leak: string, keeps: string): Server => ({
  name: 'Java (Spring Boot)',
  keeps,
  start: async () => ({ probes: ['auto'], ...(await startJavaTarget(leak)) }),
});

const c = (bytes: number, keeps: string): Server => ({
  name: 'C',
  keeps,
  start: async () => ({ probes: ['auto'], ...(await startCTarget(bytes)) }),
});

export const servers: readonly Server[] = [
  go('none', 'nothing'),
  go('object', 'an object'),
  go('goroutine', 'a goroutine'),
  go('file', 'an open file'),
  go('tempfile', 'a temp file'),
  go('body', 'the body'),
  node('none', 'nothing'),
  node('listeners', 'a listener'),
  node('files', 'an open file'),
  node('buffers', 'the body'),
  python('none', 'nothing'),
  python('task', 'a task'),
  java('none', 'nothing'),
  java('body', 'the body'),
  c(0, 'nothing'),
  c(1000, '1,000 bytes'),
];
