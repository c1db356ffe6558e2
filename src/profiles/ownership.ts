import type { Frame, SiteKind } from './frame.js';

/** The first path elements of Go's standard library (`go list std`), and of what the runtime adds. */
const goStandard = new Set(
  (
    'archive bufio builtin bytes cmp compress container context crypto database debug embed encoding errors expvar ' +
    'flag fmt go hash html image index internal io iter log maps math mime net os path plugin reflect regexp runtime ' +
    'slices sort strconv strings structs sync syscall testing text time type unicode unique unsafe vendor weak'
  ).split(' '),
);

/** Whose code a frame is: the user's own, a library's, or that of the language's runtime and standard library. */
type CodeOwner = 'own' | 'library' | 'standard';

function ownerOf({ function: name, file = '' }: Frame): CodeOwner {
  return /\.(?:go|s)$/.test(file) || file === '' ? goOwner(name, file) : scriptOwner(file);
}

export function isUserCode(frame: Frame): boolean {
  return ownerOf(frame) === 'own';
}

export function isLibraryCode(frame: Frame): boolean {
  return ownerOf(frame) === 'library';
}

/**
 * Go: modules that were fetched lie in a folder that ends in their version (`gin@v1.10.0/`), vendored ones under
 * `/vendor/`. A package of the standard library has no dot in its first element; neither need one's own have.
 */
function goOwner(name: string, file: string): CodeOwner {
  if (/@v\d/.test(file) || /(?:^|\/)vendor\//.test(file)) return 'library';
  const [host, ...below] = name.split('/');
  // In `example.com/app.f` the first element is a host; in `main.f` or `app.f` its dot ends the package.
  if (below.length > 0 && host!.includes('.')) return 'own';
  return goStandard.has(host!.split('.', 1)[0]!) ? 'standard' : 'own';
}

/**
 * JavaScript and Python: a file, not of a package, nor of the runtime itself (`node:internal/...`,
 * `<frozen importlib._bootstrap>`, `/usr/lib/python3.11/...`).
 */
function scriptOwner(file: string): CodeOwner {
  if (!/^(?:file:\/\/)?(?:\/|[a-z]:[\\/])/i.test(file)) return 'standard';
  if (/\.pyx?$/.test(file)) return pythonOwner(file);
  return /[\\/]node_modules[\\/]/.test(file) ? 'library' : 'own';
}

/** Source: Python's sysconfig, "Installation paths": packages lie in `purelib` and `platlib`, and those in `stdlib`. */
function pythonOwner(file: string): CodeOwner {
  if (/[\\/](?:site|dist)-packages[\\/]/.test(file)) return 'library';
  return /[\\/]lib(?:64)?[\\/]python\d+(?:\.\d+t?)?(?:\.zip)?[\\/]/.test(file) ? 'standard' : 'own';
}

/**
 * The frame that names a stack: the nearest of the user's own code, seen from the leaf. Where there is none, the
 * nearest of a library, and of a goroutine the library's function that it was started with; else the leaf.
 */
export function siteOf(stack: readonly Frame[], kind: SiteKind): Frame {
  const inLibrary = (frame: Frame) => ownerOf(frame) === 'library';
  const started = kind === 'goroutines' ? stack.findLast(inLibrary) : stack.find(inLibrary);
  return stack.find(isUserCode) ?? started ?? stack[0] ?? { function: '(unknown)' };
}

/** Where a goroutine waits: the nearest frame that is not of the runtime or the standard library. */
export function blockingFrame(stack: readonly Frame[]): Frame | undefined {
  return stack.find(frame => ownerOf(frame) !== 'standard') ?? stack[0];
}
