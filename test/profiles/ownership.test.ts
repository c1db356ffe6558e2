import { expect, test } from 'vitest';
import type { Frame } from '../../src/profiles/frame.js';
import { blockingFrame, isUserCode, siteOf } from '../../src/profiles/ownership.js';

const frame = (name: string, file: string, line = 1): Frame => ({ function: name, file, line });

test.each([
  ['main.keepBody', 'leakhunt.example/upload/leaks.go'],
  ['main.keepBody', '/home/ann/upload/leaks.go'],
  ['example.com/app/store.(*Index).Put', '/home/ann/app/store/index.go'],
  ['app/store.Put', 'app/store/index.go'],
  ['upload', 'file:///srv/app/server.js'],
  ['upload', '/srv/app/dist/routes/upload.mjs'],
  ['upload', 'C:\\app\\server.js'],
])('%s in %s is the own code of the user', (name, file) => {
  expect(isUserCode(frame(name, file))).toBe(true);
});

test.each([
  ['net/http.(*conn).serve', 'net/http/server.go'],
  ['net/http.(*conn).serve', '/usr/local/go/src/net/http/server.go'],
  ['runtime.gopark', '/usr/local/go/src/runtime/proc.go'],
  ['runtime.goexit', 'runtime/asm_amd64.s'],
  ['github.com/gin-gonic/gin.(*Context).Next', 'github.com/gin-gonic/gin@v1.10.1/context.go'],
  [
    'github.com/gin-gonic/gin.(*Context).Next',
    '/home/ann/go/pkg/mod/github.com/gin-gonic/gin@v1.10.1/context.go',
  ],
  ['github.com/gin-gonic/gin.(*Context).Next', '/home/ann/app/vendor/github.com/gin-gonic/gin/context.go'],
  ['vendor/golang.org/x/net/http2.f', 'vendor/golang.org/x/net/http2/frame.go'],
  ['multer', '/srv/app/node_modules/multer/index.js'],
  ['onread', 'node:internal/stream_base_commons'],
])('%s in %s is not', (name, file) => {
  expect(isUserCode(frame(name, file))).toBe(false);
});

const gin = frame('github.com/gin-gonic/gin.(*Context).Next', 'github.com/gin-gonic/gin@v1.10.1/context.go');
const park = frame('runtime.gopark', 'runtime/proc.go');
const read = frame('bufio.(*Reader).Peek', 'bufio/bufio.go');
const run = frame(
  'github.com/segmentio/kafka-go.(*conn).run',
  'github.com/segmentio/kafka-go@v0.4.49/transport.go',
);
const wait = frame(
  'github.com/segmentio/kafka-go/protocol.Read',
  'github.com/segmentio/kafka-go@v0.4.49/protocol/read.go',
);
const handler = frame('main.upload', 'example.com/upload/upload.go', 30);

test('a stack is named by the nearest of the own frames, seen from where it allocates', () => {
  expect(siteOf([park, handler, frame('main.main', 'example.com/upload/main.go'), gin], 'call-site')).toBe(
    handler,
  );
});

test('a stack without own code is named by the nearest library, and one of the runtime by its leaf', () => {
  expect(siteOf([read, wait, run], 'call-site')).toBe(wait);
  expect(siteOf([park, read], 'call-site')).toBe(park);
});

test('a goroutine that a library runs is named by what the library started it with', () => {
  expect(siteOf([park, read, wait, run, frame('runtime.goexit', 'runtime/asm_amd64.s')], 'goroutines')).toBe(
    run,
  );
});

test('a goroutine waits at the first frame that is not of the standard library', () => {
  expect(blockingFrame([park, read, wait, run])).toBe(wait);
});

test('a goroutine of the standard library is named by what it was started with, not by what all of them wait in', () => {
  const poll = frame('internal/poll.runtime_pollWait', 'runtime/netpoll.go');
  const serve = frame('net/http.(*conn).serve', 'net/http/server.go');
  const readLoop = frame('net/http.(*persistConn).readLoop', 'net/http/transport.go');
  const exit = frame('runtime.goexit', 'runtime/asm_amd64.s');
  expect(siteOf([poll, read, serve, exit], 'goroutines')).toBe(serve);
  expect(siteOf([poll, read, readLoop], 'goroutines')).toBe(readLoop);
});

test('what the runtime allocates by is not what allocates', () => {
  const allocate = [
    frame('runtime.mallocgc', 'runtime/malloc.go'),
    frame('runtime.newobject', 'runtime/malloc.go'),
  ];
  const malg = frame('runtime.malg', 'runtime/proc.go');
  expect(siteOf([...allocate, malg, frame('runtime.newproc1', 'runtime/proc.go')], 'call-site')).toBe(malg);
});

test.each([
  ['com/example/Upload.java', true],
  ['Registry.java', true],
  ['com/example/RoutesKt.kt', true],
  ['java/util/Arrays.java', false],
  ['com/sun/net/httpserver/Filter.java', false],
  ['org/springframework/web/Filter.java', false],
  ['io/netty/channel/Channel.java', false],
])('a class of the JVM in %s is the own code of the user: %s', (file, own) => {
  expect(isUserCode(frame('Upload.keep', file))).toBe(own);
});
