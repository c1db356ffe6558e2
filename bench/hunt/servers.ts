import { type DemoLeak, startDemo } from '../../src/target/demo.js';
import { buildGoTarget, startGoTarget } from '../../test/support/go.js';
import { startPythonTarget } from '../../test/support/python.js';

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
  {
    name: 'Python (Starlette)',
    keeps: 'nothing',
    start: async () => ({ probes: ['auto'], ...(await startPythonTarget('uvicorn')) }),
  },
];
