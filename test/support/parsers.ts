import { redactorOf } from '../../src/hunt/redact.js';
import { CookieJar } from '../../src/load/http/cookies.js';
import { ResponseParser } from '../../src/load/http/response.js';
import { FirstLine, field, fields } from '../../src/load/http/response-parts.js';
import { TextSearch } from '../../src/load/http/text-search.js';
import { cgroupFolder } from '../../src/probes/sources/cgroup.js';
import { sampleInOutput } from '../../src/probes/sources/exec-output.js';
import { heapRange, totalOf } from '../../src/probes/sources/jcmd.js';
import { familyOf, patternOf } from '../../src/probes/sources/name-pattern.js';
import { memStats } from '../../src/probes/sources/pprof.js';
import { metricsIn } from '../../src/probes/sources/prometheus-text.js';
import { descriptors } from '../../src/profiles/descriptors.js';
import { goroutinesOf } from '../../src/profiles/go/goroutine-dump.js';
import { goGoroutines } from '../../src/profiles/go/goroutines.js';
import { goHeap } from '../../src/profiles/go/heap.js';
import { jvmHistogram } from '../../src/profiles/jvm/histogram.js';
import { isUserCode } from '../../src/profiles/ownership.js';
import { fileOf } from '../../src/profiles/v8/frame.js';
import { v8Sampling } from '../../src/profiles/v8/sampling.js';
import { SnapshotReader } from '../../src/profiles/v8/snapshot.js';
import { recordIn } from '../../src/record/read.js';
import { hiddenUrl, redactAddress, withoutUserInfo } from '../../src/redact.js';
import { inert } from '../../src/reports/github.js';
import { xmlAttributes, xmlText } from '../../src/reports/junit/xml.js';
import { code, codeBlock, prose } from '../../src/reports/markdown/escape.js';
import { wrap } from '../../src/reports/terminal/layout.js';
import { nameInWords } from '../../src/reports/text/culprits.js';
import { plain } from '../../src/reports/text/plain.js';
import { redactCommand, redactWords, secretsIn } from '../../src/secrets/command.js';
import { partsOf } from '../../src/secrets/values.js';
import { containerIn } from '../../src/target/containers/container.js';
import { propertyOf } from '../../src/target/processes/jvm-properties.js';
import { portsIn, processesIn } from '../../src/target/processes/lsof.js';
import { addressesIn, localIn } from '../../src/target/processes/namespaces.js';
import { parseEnvironment, statusIn } from '../../src/target/processes/procfs.js';
import { parseTcpTable } from '../../src/target/processes/sockets.js';

/** Everything that parses the output of a target, a file or a command. */
export interface Parser {
  name: string;
  /** May throw a sentence. */
  parse(text: string): unknown;
  /** The characters that mean something to it. */
  grammar: string;
  /** The beginning and the end of such a text. */
  around: readonly (readonly [before: string, after: string])[];
}

const bytes = (text: string) => Buffer.from(text);
const head = 'HTTP/1.1 200 OK\r\n';
const every = () => true;
const bare = [['', '']] as const;

/** The whole answer in pieces, as a socket may give it. */
function answerOf(text: string): unknown {
  const parser = new ResponseParser('wanted');
  const all = Buffer.from(text, 'latin1');
  const piece = Math.max(1, Math.ceil(all.length / 7));
  for (let at = 0; at < all.length; at += piece) {
    const answer = parser.push(all.subarray(at, at + piece));
    if (answer) return answer;
  }
  return parser.end();
}

/** Secrets of every kind, some made of the characters that parsers look for. */
const redactor = redactorOf({
  url: new URL('http://ann:aaaaaaaaaa@localhost/?key=1111111111#    '),
  headers: [
    ['Authorization', 'Bearer ababababab'],
    ['X-Note', '""""""""""'],
  ],
  body: { parts: [{ content: { text: '{"a":["::::::::::","aaaaaaaa1"],"b":"//////////"}' } }] },
});

export const parsers: readonly Parser[] = [
  {
    name: 'the head of an answer',
    parse: text => [field(text, 'content-length'), fields(text, 'set-cookie')],
    grammar: ' \t\r\n:;,=a1-',
    around: [
      [`${head}Content-Length: a`, '2'],
      [`${head}Set-Cookie:`, '\r\nSet-Cookie: a'],
      [`${head}content-length`, ''],
    ],
  },
  {
    name: 'an answer',
    parse: answerOf,
    grammar: ' \t\r\n:;,=a1-0"',
    around: [
      [`${head}Content-Length: a`, '2\r\n\r\n'],
      [`${head}Content-Length: 100000\r\n\r\n`, ''],
      [`${head}Transfer-Encoding: chunked`, 'x\r\n\r\n'],
      [`${head}Transfer-Encoding: chunked\r\n\r\n`, '\r\n'],
      [`${head}Transfer-Encoding: chunked\r\n\r\n1`, 'z\r\n'],
      [`${head}Transfer-Encoding: chunked\r\n\r\n0\r\n`, '\r\n\r\n'],
      [`${head}Connection: `, 'close\r\n\r\n'],
      ['HTTP/1.1 ', ''],
      ['', ''],
    ],
  },
  {
    name: 'the first line and a text in a body',
    parse(text) {
      const line = new FirstLine();
      const search = new TextSearch('aaaaaaaaaaaaaaaab');
      for (let at = 0; at < text.length; at += 4096) {
        const piece = bytes(text.slice(at, at + 4096));
        line.add(piece, 0, piece.length);
        search.add(piece, 0, piece.length);
      }
      return [line.line, search.found];
    },
    grammar: ' \t\r\na1',
    around: bare,
  },
  {
    name: 'cookies',
    parse(text) {
      const jar = new CookieJar();
      jar.take([text], new URL('http://localhost/a/b'));
      return jar.headerTo(new URL('http://localhost/a/b'));
    },
    grammar: ' \t;=,./a1-"',
    around: [
      ['', ''],
      ['a=', ''],
      ['a=b; path=/', 'x'],
      ['a=b; max-age=', 'x'],
      ['a=b; expires=', 'x'],
      ['a=b; domain=', '.x'],
    ],
  },
  {
    name: 'Prometheus text',
    parse: text => metricsIn(text, every),
    grammar: ' \t\n{}",=\\+-.1ea_#:I',
    around: [
      ['', ''],
      ['a{', '} 1'],
      ['a{b="', '"} 1'],
      ['a ', ' x'],
    ],
  },
  {
    name: 'what a command prints',
    parse: sampleInOutput,
    grammar: ' \t\n{}",:\\-.1eak',
    around: [
      ['', ''],
      ['{"heap":', '}'],
      ['VmRSS: 1 kB\n', 'x'],
      ['VmRSS:', ' kB'],
    ],
  },
  {
    name: 'the trailer of a Go heap',
    parse: memStats,
    grammar: ' \n#=1a_',
    around: [
      ['# ', ' = 1'],
      ['', ''],
    ],
  },
  {
    name: 'a goroutine profile',
    parse: text => goGoroutines(bytes(text)),
    grammar: ' \t\n@#x0a1+:',
    around: [
      ['goroutine profile: total 1\n', 'z'],
      ['goroutine profile: total 1\n1 @', 'z'],
      ['goroutine profile: total 1\n1 @ 0x1\n#\t0x1\t', ''],
      ['goroutine profile: total ', 'x'],
    ],
  },
  {
    name: 'a goroutine dump',
    parse: text => [...goroutinesOf(text)],
    grammar: ' \t\n[](),:+x0a1=',
    around: [
      ['goroutine 1 [', ']:\n'],
      ['goroutine 1 [a]:\n', ')\n\t/a.go:1 +0x1'],
      ['goroutine 1 [a]:\nmain.f(', ')\n\t/a.go:1 +0x'],
      ['goroutine 1 [a]:\n[originating from goroutine ', ''],
    ],
  },
  {
    name: 'a pprof profile',
    parse: text => goHeap(bytes(text)),
    grammar: '\0\n\x08\x12\x1a2a',
    around: bare,
  },
  {
    name: 'a V8 profile',
    parse: text => v8Sampling(bytes(text)),
    grammar: ' \n{}[]",:\\-.1a',
    around: [
      ['', ''],
      ['{"head":{"callFrame":{"functionName":"', '"},"selfSize":1,"id":1,"children":[]},"samples":[]}'],
    ],
  },
  {
    name: 'a V8 snapshot',
    parse(text) {
      const reader = new SnapshotReader();
      reader.write(bytes(text));
      return reader.end();
    },
    grammar: ' \n{}[]",:\\-.1a',
    around: [
      ['', ''],
      ['{"snapshot":{"meta":{', '}}}'],
      ['{"snapshot":{"meta":{}},"nodes":[', ']}'],
      ['{"strings":["', '"]}'],
    ],
  },
  {
    name: 'a class histogram',
    parse: text => [jvmHistogram(bytes(text)), totalOf(text)],
    grammar: ' \t\n\r():[;La1.',
    around: [
      ['', ''],
      [' 1: 2 3 ', ' (x)'],
      ['Total ', 'x'],
      ['   1:', 'x'],
    ],
  },
  {
    name: 'the layout of a JVM',
    parse: heapRange,
    grammar: ' \t\n[],)0xaM',
    around: [
      ['', ''],
      ['[0x', 'z'],
      ['', 'Metaspace'],
    ],
  },
  {
    name: 'the properties of a JVM',
    parse: text => propertyOf(text, 'a'),
    grammar: ' \n\r=\\:a1',
    around: [
      ['', ''],
      ['a=', ''],
    ],
  },
  {
    name: 'the status of a process',
    parse: statusIn,
    grammar: ' \t\n:1akB',
    around: [
      ['', ''],
      ['VmRSS:', 'x'],
    ],
  },
  {
    name: 'an environment',
    parse: parseEnvironment,
    grammar: ' \0\n=a1_',
    around: [
      ['', ''],
      ['A=', ''],
    ],
  },
  {
    name: 'a table of sockets',
    parse: parseTcpTable,
    grammar: ' \t\n:0A1a',
    around: [
      ['', ''],
      ['0: 0100007F:1F90 ', 'x'],
    ],
  },
  {
    name: 'the addresses of a network',
    parse: text => [localIn(text), addressesIn(text)],
    grammar: ' \t\n|-.1a/',
    around: [
      ['', ''],
      ['|-- 1.1.1.1\n', 'x'],
    ],
  },
  {
    name: 'cgroups and mounts',
    parse: text => [cgroupFolder(text, ''), cgroupFolder('0::/', text), cgroupFolder('4:memory:/', text)],
    grammar: ' \n:,/-1am',
    around: [
      ['', ''],
      ['4:', ',memory:/'],
      ['24 1 0:1 / /sys ', ' - cgroup2 x x'],
      ['24 1 0:1 / /sys rw - cgroup x ', ',memory'],
    ],
  },
  {
    name: 'what lsof prints',
    parse: text => [processesIn(text), portsIn(text)],
    grammar: ' \n:pn1*.',
    around: [
      ['', ''],
      ['n', ':x'],
    ],
  },
  {
    name: "a container's description",
    parse: text =>
      containerIn({ Id: text, Name: text, State: { StartedAt: text } }, { address: text } as never),
    grammar: ' \n/:a1"{}',
    around: bare,
  },
  {
    name: 'names of files',
    parse: text => [patternOf(text), familyOf(text)],
    grammar: ' /._-*a1A[]:f',
    around: [
      ['', ''],
      ['/tmp/', '!'],
      ['pipe:[', ''],
    ],
  },
  {
    name: 'descriptors',
    parse: text => descriptors(bytes(text)),
    grammar: ' \t\n/._-a1',
    around: [
      ['', ''],
      ['temp-files\t', '\tx'],
    ],
  },
  {
    name: 'names in profiles',
    parse: text => [fileOf(text), isUserCode({ function: text, file: text })],
    grammar: ' /.:@\\a1v',
    around: [
      ['', ''],
      ['file:///', ''],
    ],
  },
  {
    name: 'a record',
    parse: text => recordIn(text, 'it'),
    grammar: ' \n{}[]",:\\-.1ea',
    around: [
      ['', ''],
      ['{"schemaVersion":1,"warnings":[', ']}'],
      ['{"schemaVersion":1,"a":"', '"}'],
    ],
  },
  {
    name: 'a text that is redacted',
    parse: text => [redactor.text(text), redactor.bytes(bytes(text)).length],
    grammar: ' \n:/@?#"\'ab1&=;',
    around: [
      ['', ''],
      ['http://', '@x'],
      ['http://a:', '@'],
    ],
  },
  {
    name: 'an address that is redacted',
    parse: text => [withoutUserInfo(text), redactAddress(text), hiddenUrl(text), partsOf(text)],
    grammar: ' :/@?#&=+.-a1[]%',
    around: [
      ['', ''],
      ['http://', '@x'],
      ['http://x/?', '#'],
    ],
  },
  {
    name: 'a command that is redacted',
    parse: text => [redactCommand(text), redactWords([text, text]), secretsIn(text)],
    grammar: ' \n=-\'"\\:/@;a1',
    around: [
      ['', ''],
      ['app --a=', ''],
      ['app -H "', ''],
      ['app -u', ':'],
      ["sh -c '", "'"],
      ['A=', ''],
    ],
  },
  {
    name: 'a text that is shown',
    parse: text => [
      plain(text),
      prose(text),
      code(text),
      codeBlock(text),
      inert(text),
      xmlText(text),
      xmlAttributes({ text }),
      nameInWords(text),
    ],
    grammar: ' \t\n\u001b[];m`*_#<>&"\'|\\:/.-a1@(',
    around: bare,
  },
  {
    name: 'a text that is laid out',
    parse: text => wrap(text, 80),
    grammar: ' 保\u001b',
    around: bare,
  },
];
