import type { FixtureSpec } from '../fixtures/fixture.js';
import type { Plan } from '../hunt/plan.js';
import { nameOf } from '../load/scenario.js';
import type { SourceName } from '../probes/probe.js';
import { type ResourceName, resources } from '../probes/resources.js';
import { type Hunt, scenariosOf } from '../record/record.js';
import type { Runtime } from '../target/processes/runtime.js';
import { formatBytes, formatWhole } from '../units.js';

/** How a hunt measures, as far as its slopes depend on it. Whatever is unknown or not used is absent. */
export interface HuntSetup {
  scenarios: string[];
  concurrency: number;
  uploadsPerRound?: number;
  /** `generated` and the kind, or the user's own. */
  file: FixtureSpec | 'own';
  bodyBytes?: number;
  sizes?: number[];
  /** Whether uploads began at a given rate. */
  paced: boolean;
  runtime?: Runtime;
  /** For each resource, where it was read. */
  sources?: Map<ResourceName, SourceName>;
}

/** How a hunt was measured. */
export function setupOf(hunt: Hunt): HuntSetup {
  const parts = scenariosOf(hunt);
  const { load } = parts[0]!;
  return {
    scenarios: parts.map(({ scenario }) => scenario),
    concurrency: load.concurrency,
    uploadsPerRound: load.uploadsPerRound,
    file: load.fixture ?? 'own',
    bodyBytes: load.bodyBytes,
    sizes: load.sizes,
    paced: load.lateStarts !== undefined,
    runtime: hunt.target.runtime,
    sources: new Map(
      parts.flatMap(part =>
        part.resources.map(({ name, source }): [ResourceName, SourceName] => [name, source]),
      ),
    ),
  };
}

/** How a hunt is going to be measured, as far as its options say. */
export function setupOfPlan(plan: Plan): HuntSetup {
  return {
    scenarios: plan.scenarios.map(nameOf),
    concurrency: plan.concurrency,
    uploadsPerRound: plan.duration === undefined ? plan.uploadsPerRound : undefined,
    file: plan.form?.length || plan.body ? 'own' : plan.fixture,
    sizes: plan.sizes,
    paced: plan.rate !== undefined,
  };
}

/**
 * What was measured differently, a sentence each that ends with what to do about it. Only what is known of
 * both sides counts. `names` are the names of the two.
 */
export function differencesOf(before: HuntSetup, after: HuntSetup, names: [string, string]): string[] {
  const [first, second] = names;
  const differing = <Value>(a: Value | undefined, b: Value | undefined) =>
    a !== undefined && b !== undefined && String(a) !== String(b);
  const found: (string | false)[] = [
    (differing(kindOf(before), kindOf(after)) || sizesDiffer(before, after)) &&
      `${first} uploaded ${fileInWords(before)}, ${second} ${fileInWords(after)}: hunt both with the same --size, --kind or -F.`,
    String(before.sizes ?? '') !== String(after.sizes ?? '') &&
      `${first} uploaded ${sizesInWords(before)}, ${second} ${sizesInWords(after)}: hunt both with the same --sizes, or neither.`,
    before.concurrency !== after.concurrency &&
      `${first} had ${before.concurrency} concurrent uploads, ${second} ${after.concurrency}: hunt both with the same -c.`,
    roundsDiffer(before, after) &&
      `${first} had ${before.uploadsPerRound} uploads per round, ${second} ${after.uploadsPerRound}: hunt both with the same -n.`,
    before.paced !== after.paced &&
      `${before.paced ? first : second} uploaded at a fixed rate, ${before.paced ? second : first} as fast as the target allows: hunt both with the same --rate, or neither.`,
    differing(before.runtime, after.runtime) &&
      `${first} measured a ${before.runtime} target, ${second} a ${after.runtime} target: compare hunts of the same service.`,
    ...scenarioDifferences(before, after, names),
    ...sourceDifferences(before, after, names),
  ];
  return found.filter(each => each !== false);
}

function kindOf({ file }: HuntSetup): string {
  return file === 'own' ? file : file.kind;
}

/** The user's own bodies may differ by a few bytes because of the file's name. */
const sameSize = 0.01;

function sizesDiffer(before: HuntSetup, after: HuntSetup): boolean {
  if (before.sizes || after.sizes) return false;
  if (before.file !== 'own' && after.file !== 'own') return before.file.size !== after.file.size;
  if (before.bodyBytes === undefined || after.bodyBytes === undefined) return false;
  return Math.abs(Math.log(before.bodyBytes / after.bodyBytes)) > sameSize;
}

/** A round of a fixed time holds as many uploads as the target takes: those numbers may differ a little. */
const sameRound = 1.5;

function roundsDiffer({ uploadsPerRound: a }: HuntSetup, { uploadsPerRound: b }: HuntSetup): boolean {
  return a !== undefined && b !== undefined && (a > b * sameRound || b > a * sameRound);
}

function fileInWords({ file, bodyBytes }: HuntSetup): string {
  if (file !== 'own') return `${formatWhole(file.size)} B of ${file.kind}`;
  return bodyBytes === undefined ? 'its own file' : `its own file (a body of ${formatBytes(bodyBytes)})`;
}

function sizesInWords({ sizes }: HuntSetup): string {
  return sizes ? `files of ${sizes.map(formatWhole).join(' B, ')} B in turn` : 'files of one size';
}

function scenarioDifferences(
  before: HuntSetup,
  after: HuntSetup,
  [first, second]: [string, string],
): string[] {
  const only = (these: HuntSetup, those: HuntSetup) =>
    these.scenarios.filter(each => !those.scenarios.includes(each));
  const sentence = (missing: string[], name: string) =>
    missing.length === 0
      ? []
      : [`Only ${name} has the scenario ${missing.join(', ')}: hunt both with the same --scenario.`];
  return [...sentence(only(before, after), first), ...sentence(only(after, before), second)];
}

function sourceDifferences(before: HuntSetup, after: HuntSetup, [first, second]: [string, string]): string[] {
  if (!before.sources || !after.sources) return [];
  const names = new Set([...before.sources.keys(), ...after.sources.keys()]);
  return [...names].flatMap(name => {
    const [a, b] = [before.sources!.get(name), after.sources!.get(name)];
    if (a === b) return [];
    const { title } = resources[name];
    if (a && b)
      return [`${first} read ${title} from ${a}, ${second} from ${b}: hunt both with the same --probe.`];
    return [`Only ${a ? first : second} read ${title} (from ${a ?? b}): hunt both with the same --probe.`];
  });
}
