import { classInWords, shortClass, withoutNumber } from './classes.js';

/** An object of `jdk.OldObjectSample`, and by what it is held, up to a root. */
export interface ObjectReference {
  type: { name: string } | null;
  /** Of a class, `Class Name: com.example.Registry`; of a thread, `Thread Name: main`. */
  description?: string | null;
  referrer?: {
    field?: { name: string } | null;
    array?: { index: number } | null;
    object?: ObjectReference | null;
  } | null;
}

/** Longer ways are cut in the middle, the ends say most. */
const mostSteps = 8;
/** No way that JFR writes is longer: it leaves out the middle past 200 references. */
const mostReferences = 500;

/**
 * The way from what never goes to the object: `static Registry.uploads`, `ConcurrentHashMap`, `Upload.body`, `byte[]`.
 * It begins at the static field or the thread that is nearest to the object. A collection's own nodes and arrays are
 * left out.
 */
export function pathFromRoot(
  object: ObjectReference,
  root?: { description?: string | null; type?: string | null },
): string[] {
  const steps: string[] = [];
  let current = object;
  let field: string | undefined;
  for (let i = 0; i < mostReferences; i += 1) {
    const owner = ownerOf(current, field);
    if (owner !== undefined) return shortened([owner, ...steps]);
    const name = classOf(current);
    if (i === 0 || !isInside(name)) {
      const isOwn = !name.startsWith('java.');
      steps.unshift(isOwn && field !== undefined ? `${shortClass(name)}.${field}` : shortClass(name));
    }
    const { referrer } = current;
    if (!referrer?.object) break;
    field = referrer.field?.name;
    current = referrer.object;
  }
  const from = root?.description || root?.type;
  return from ? shortened([from.replace(/^Thread Name: (.*)$/, 'thread "$1"'), ...steps]) : [];
}

/** The static field or the thread's variable, where that is what holds. */
function ownerOf({ type, description }: ObjectReference, field?: string): string | undefined {
  const [, kind, name] = /^(Class|Thread) Name: (.+)$/.exec(description ?? '') ?? [];
  if (name === undefined || type === null) return undefined;
  if (kind === 'Class')
    return field === undefined ? undefined : `static ${shortClass(dotted(name))}.${field}`;
  return `thread "${name}"${field === undefined ? '' : `.${field}`}`;
}

function classOf({ type }: ObjectReference): string {
  return withoutNumber(classInWords(dotted(type?.name ?? '?')));
}

/** What a collection of the JDK is made of. */
function isInside(name: string): boolean {
  return name.startsWith('java.') && /(?:\[\]|\$(?:\w*Node|\w*Entry|HolderNode|Segment|Values))$/.test(name);
}

function shortened(steps: string[]): string[] {
  if (steps.length <= mostSteps) return steps;
  return [...steps.slice(0, mostSteps / 2), '...', ...steps.slice(-(mostSteps / 2))];
}

function dotted(name: string): string {
  return name.replaceAll('/', '.');
}
