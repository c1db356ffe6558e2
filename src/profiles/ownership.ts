import type { Frame, SiteKind } from './frame.js';

/** The first path elements of Go's standard library (`go list std`), and those that the runtime adds. */
const goStandard = new Set(
  (
    'archive bufio builtin bytes cmp compress container context crypto database debug embed encoding errors expvar ' +
    'flag fmt go hash html image index internal io iter log maps math mime net os path plugin reflect regexp runtime ' +
    'slices sort strconv strings structs sync syscall testing text time type unicode unique unsafe vendor weak'
  ).split(' '),
);

/**
 * Whose code a frame is: the user's own, a library's, or that of the language's runtime and standard library.
 */
type CodeOwner = 'own' | 'library' | 'standard';

function ownerOf({ function: name, file = '' }: Frame): CodeOwner {
  if (/\.(?:java|kt)$/.test(file)) return javaOwner(file);
  return /\.(?:go|s)$/.test(file) || file === '' ? goOwner(name, file) : scriptOwner(file);
}

export function isUserCode(frame: Frame): boolean {
  return ownerOf(frame) === 'own';
}

export function isLibraryCode(frame: Frame): boolean {
  return ownerOf(frame) === 'library';
}

/**
 * Go: downloaded modules are in a folder that ends in their version (`gin@v1.10.0/`), vendored ones under
 * `/vendor/`. A standard library package has no dot in its first element, but a user's own package need not
 * have one either.
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

/** What the JDK's own class loaders load, by its packages. */
const jdk = /^(?:java|javax|jdk|sun|com\/sun|netscape)\//;

/**
 * Groups whose packages are in the jars of Maven Central that most applications have. A recording does not tell which
 * jar a class came from; what is missing here is taken for one's own.
 */
const javaLibraries: Record<string, string> = {
  '':
    'akka antlr clojure graphql groovy jakarta javassist kotlin kotlinx lombok okhttp3 okio play reactor redis ' +
    'retrofit2 rx scala spark zipkin2',
  ch: 'qos',
  com:
    'amazonaws azure datastax esotericsoftware fasterxml google hazelcast ibm lmax microsoft mongodb mysql netflix ' +
    'oracle rabbitmq squareup thoughtworks typesafe zaxxer',
  'com/github': 'benmanes jknack luben',
  io:
    'dropwizard grpc helidon javalin jsonwebtoken ktor lettuce micrometer micronaut netty opentelemetry prometheus ' +
    'projectreactor quarkus r2dbc reactivex smallrye swagger undertow vertx',
  net: 'bytebuddy jpountz logstash sf',
  org:
    'antlr apache aspectj bouncycastle codehaus eclipse elasticsearch flywaydb glassfish h2 hibernate infinispan ' +
    'jboss jctools jetbrains joda jooq jsoup junit liquibase mariadb mockito mozilla mybatis objectweb opensearch ' +
    'postgresql quartz reactivestreams redisson slf4j springframework thymeleaf wildfly xerial xnio yaml',
  software: 'amazon',
};

const libraryFolders = new Set(
  Object.entries(javaLibraries).flatMap(([group, names]) =>
    names.split(' ').map(name => (group === '' ? name : `${group}/${name}`)),
  ),
);

/** Java and Kotlin: by the package, which is the folder. */
function javaOwner(file: string): CodeOwner {
  if (jdk.test(file)) return 'standard';
  const folders = file.split('/', 4).slice(0, -1);
  const isLibrary = folders.some((_, i) => libraryFolders.has(folders.slice(0, i + 1).join('/')));
  return isLibrary ? 'library' : 'own';
}

/** What Go's runtime allocates by: whoever called it allocates. */
const allocator = /^runtime\.(?:mallocgc\w*|newobject|makeslice\w*|growslice\w*|rawbyteslice|rawstring\w*)$/;

/** Source: Python's sysconfig, "Installation paths": packages lie in `purelib` and `platlib`, and those in `stdlib`. */
function pythonOwner(file: string): CodeOwner {
  if (/[\\/](?:site|dist)-packages[\\/]/.test(file)) return 'library';
  return /[\\/]lib(?:64)?[\\/]python\d+(?:\.\d+t?)?(?:\.zip)?[\\/]/.test(file) ? 'standard' : 'own';
}

/**
 * The frame that names a stack: the nearest of the user's own code, seen from the leaf. Where there is none, the
 * nearest of a library, and of a goroutine the function that it was started with, the library's where it is in one;
 * else the leaf.
 */
export function siteOf(stack: readonly Frame[], kind: SiteKind): Frame {
  const inLibrary = (frame: Frame) => ownerOf(frame) === 'library';
  const started = kind === 'goroutines' ? stack.findLast(inLibrary) : stack.find(inLibrary);
  const entry = kind === 'goroutines' ? stack.findLast(frame => !isOfRuntime(frame)) : undefined;
  const leaf = stack.find(({ function: name }) => !allocator.test(name)) ?? stack[0];
  return stack.find(isUserCode) ?? started ?? entry ?? leaf ?? { function: '(unknown)' };
}

/** Of Go's runtime itself, in whose `goexit` every goroutine ends. */
function isOfRuntime({ function: name }: Frame): boolean {
  return /^(?:runtime\.|internal\/runtime\/)/.test(name);
}

/** Where a goroutine waits: the nearest frame that is not of the runtime or the standard library. */
export function blockingFrame(stack: readonly Frame[]): Frame | undefined {
  return stack.find(frame => ownerOf(frame) !== 'standard') ?? stack[0];
}
