import type { Frame } from '../frame.js';

/** `Runtime.CallFrame` of the Chrome DevTools Protocol: lines and columns count from 0; -1 means none. */
export interface CallFrame {
  functionName?: unknown;
  scriptId?: unknown;
  url?: unknown;
  lineNumber?: unknown;
  columnNumber?: unknown;
}

/** V8's own states in place of a function (sampling-heap-profiler.cc, `AddStack`). */
const states: Record<string, string> = {
  '(root)': 'no JavaScript function',
  '(GC)': 'garbage collector',
  '(PARSER)': 'parser',
  '(COMPILER)': 'compiler',
  '(BYTECODE_COMPILER)': 'bytecode compiler',
  '(OTHER)': 'V8',
  '(EXTERNAL)': 'native code',
  '(V8 API)': 'native code',
  '(native)': 'native code',
};

const longestName = 500;

/** A function without a file is V8's: its file is `v8`, as Node's own files are `node:...`. */
export function frameOf({ functionName, url, lineNumber }: CallFrame = {}): Frame {
  const name = textOf(functionName);
  const file = textOf(url);
  if (file === '') return { function: states[name] ?? (name || 'native code'), file: 'v8' };
  const line = typeof lineNumber === 'number' && lineNumber >= 0 ? { line: lineNumber + 1 } : {};
  return { function: name || '(anonymous)', file: fileOf(file), ...line };
}

/** The same for the same function in every profile of one process. */
export function placeOf({ functionName, scriptId, lineNumber, columnNumber }: CallFrame = {}): string {
  const script = textOf(scriptId);
  if (script === '' || script === '0') return textOf(functionName);
  return `${script}:${Number(lineNumber)}:${Number(columnNumber)}`;
}

/** A script's URL as a path if it is a file, `file:///app/a%20b.js` as `/app/a b.js`; else unchanged. */
export function fileOf(url: string): string {
  if (!url.startsWith('file://')) return url;
  const path = url.slice('file://'.length);
  // On Windows: file:///C:/app.js
  const local = /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path;
  try {
    return decodeURIComponent(local);
  } catch {
    return local;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, longestName) : '';
}
