import { sources } from '../../probes/catalogue.js';
import { resources } from '../../probes/resources.js';
import type { Frame } from '../../profiles/frame.js';
import { isUserCode } from '../../profiles/ownership.js';
import type { Culprit, ScenarioRecord } from '../../record/record.js';
import { formatBytes, formatCount, formatValue } from '../../units.js';
import { clipped } from './limits.js';
import { plain } from './plain.js';
import { listed } from './wording.js';

const longestName = 200;

/** A name from the target, on one line: with line ends, it could pass for lines of the report. */
export function nameInWords(name: string): string {
  return clipped(plain(name).replace(/\s+/g, ' '), longestName);
}

/** `upload.keepBody (leaks.go:61)`: the package's path and the folder are shown in the stack. */
export function frameInWords({ function: name, file, line }: Frame): string {
  const place = file && `${nameInWords(file.slice(file.lastIndexOf('/') + 1))}${line ? `:${line}` : ''}`;
  return place ? `${nameInWords(shortName(name))} (${place})` : nameInWords(shortPath(name));
}

const longestPath = 44;

/** A kind of file by the end of its path, if the whole would take a line. */
function shortPath(name: string): string {
  if (name.length <= longestPath || !name.startsWith('/')) return name;
  const cut = name.indexOf('/', name.length - longestPath);
  return cut > 0 ? `…${name.slice(cut)}` : name;
}

/**
 * The last element of `example.com/app/store.(*Index).Put`; a path in brackets, a closure's type, is not a
 * folder.
 */
function shortName(name: string): string {
  const path = /^[\w.~@%-]+(?:\/[\w.~@%-]+)+(?=[.(])/.exec(name)?.[0];
  return path ? name.slice(path.lastIndexOf('/') + 1) : name;
}

/** `leakhunt.example/upload/leaks.go:61`. */
export function placeInWords({ file = '', line }: Frame): string {
  return line ? `${nameInWords(file)}:${line}` : nameInWords(file);
}

/** What it is, and for goroutines how they came to be and what they wait for. */
export function culpritInWords(culprit: Culprit): string {
  const { site, stack, kind, instances, bytes, state, blockedAt, createdBy, startedFrom, retainedBy } =
    culprit;
  const callee = kind === 'call-site' ? calleeOf(site, stack) : undefined;
  const probably = culprit.startedFromInferred ? 'probably ' : '';
  const waits = blockedAt && (blockedAt.function !== site.function || blockedAt.line !== site.line);
  const parts = [
    ...(kind === 'call-site' ? callerInWords(site, stack) : []),
    ...(callee ? [`in ${nameInWords(shortName(callee.function))}`] : []),
    ...(instances && instances.low > 0 ? [objectsInWords(instances.estimate)] : []),
    ...(bytes && bytes.estimate > 0 ? [`${formatBytes(bytes.estimate)} per upload`] : []),
    ...(state ? [waits ? `${nameInWords(state)} at ${frameInWords(blockedAt)}` : nameInWords(state)] : []),
    ...(createdBy ? [`created by ${frameInWords(createdBy)}`] : []),
    ...(startedFrom && !sameFrame(startedFrom, createdBy)
      ? [`${probably}started from ${frameInWords(startedFrom)}`]
      : []),
    ...(culprit.provenLeaked ? ['nothing can wake it up'] : []),
    ...(retainedBy ? [`retained by ${retainedBy.map(nameInWords).join(' -> ')}`] : []),
  ];
  return [frameInWords(site), ...parts].join(', ');
}

/** Who called a function that has no name: the nearest that has one. */
function callerInWords(site: Frame, stack: readonly Frame[]): string[] {
  if (site.function !== '(anonymous)') return [];
  const at = stack.findIndex(frame => sameFrame(frame, site));
  const caller = stack.slice(at + 1).find(frame => isUserCode(frame) && frame.function !== '(anonymous)');
  return caller ? [`called by ${frameInWords(caller)}`] : [];
}

function objectsInWords(count: number): string {
  const text = formatCount(count);
  return Number(text) === 1 ? '1 object' : `${text} objects`;
}

/** What the allocating site called, unless that is the language itself. */
export function calleeOf(site: Frame, stack: readonly Frame[]): Frame | undefined {
  const at = stack.findIndex(frame => sameFrame(frame, site));
  const callee = at > 0 ? stack[at - 1] : undefined;
  return callee && !callee.function.startsWith('runtime.') ? callee : undefined;
}

function sameFrame(a: Frame, b?: Frame): boolean {
  return a.function === b?.function && a.file === b.file && a.line === b.line;
}

/** `98%`; more than 100% is noise and is not printed. */
export function shareInWords(share: number): string {
  const percent = Math.min(100, Math.max(0, 100 * share));
  return percent > 0 && percent < 1 ? '<1%' : `${Math.round(percent)}%`;
}

/** The culprits that a report leads with: bytes stand for their objects, files for their bytes. */
export function shownCulprits({ culprits }: Pick<ScenarioRecord, 'culprits'>): Culprit[] {
  const known = new Set(culprits.map(({ resource }) => resource));
  return culprits.filter(({ resource }) => {
    const { toldBy } = resources[resource];
    return toldBy === undefined || !known.has(toldBy);
  });
}

/** The line of the user's own code that most of a leak goes back to, or what keeps the objects that leak; undefined where none is known. */
export function lookFirstInWords(part: Pick<ScenarioRecord, 'culprits'>): string | undefined {
  const culprits = shownCulprits(part);
  // What retains an object says more than what allocated it.
  const kept = culprits.find(({ kind, retainedBy }) => kind === 'class' && retainedBy);
  if (kept)
    return `Look first at what retains ${nameInWords(kept.site.function)}: ${kept.retainedBy!.map(nameInWords).join(' -> ')}.`;
  let leading: Culprit['resource'] | undefined;
  const lines = new Map<string, { frame: Frame; share: number }>();
  for (const culprit of culprits) {
    const own = ownLineOf(culprit);
    // What leads is of the first resource that has a line.
    if (!own || (lines.size > 0 && culprit.resource !== leading)) continue;
    leading = culprit.resource;
    const key = `${own.file}:${own.line}`;
    const line = lines.get(key) ?? { frame: own, share: 0 };
    line.share += culprit.share;
    lines.set(key, line);
  }
  const most = [...lines.values()].reduce<{ frame: Frame; share: number } | undefined>(
    (lead, line) => (lead && lead.share >= line.share ? lead : line),
    undefined,
  );
  return most && `Look first at ${frameInWords(most.frame)}.`;
}

/** The line of the user's own code that a culprit goes back to. */
function ownLineOf({ kind, site, createdBy, startedFrom }: Culprit): Frame | undefined {
  if (kind === 'class' || kind === 'descriptors') return undefined;
  return startedFrom ?? [createdBy, site].find(frame => frame && isUserCode(frame));
}

/**
 * The part of the growth that no culprit accounts for, or that none was found; undefined if all is explained.
 */
export function unexplainedInWords({ explained, culprits }: Pick<ScenarioRecord, 'explained' | 'culprits'>) {
  const left = explained
    .filter(({ share }) => share < 0.9)
    .map(({ resource, share, unexplained }) => {
      const { unit, title } = resources[resource];
      return `${shareInWords(1 - share)} of the growth of ${title} (${formatValue(unexplained, unit)} per upload)`;
    });
  if (left.length === 0) return undefined;
  const finer = explained.find(each => each.share < 0.9 && each.finer !== undefined)?.finer;
  const hint = finer ? `; a finer profile (${finer}) would show more` : '';
  const waiting = culprits.some(({ kind }) => kind === 'goroutines')
    ? ', partly what the goroutines hold'
    : '';
  return `${listed(left)} ${left.length > 1 ? 'are' : 'is'} unexplained${waiting}${hint}`;
}

const mostStarters = 3;

/** How the lines that led to goroutines of a library can be had where nothing shows them; undefined where none is missing. */
export function untracedInWords({ culprits }: Pick<ScenarioRecord, 'culprits'>): string | undefined {
  const untraced = culprits.filter(culprit => culprit.untraced && culprit.createdBy);
  const setting = sources[untraced[0]?.source ?? '']?.ancestors;
  if (setting === undefined) return undefined;
  const starters = new Set(untraced.map(({ createdBy }) => frameInWords(createdBy!)));
  const named = listed([...starters].slice(0, mostStarters));
  return `Started with ${setting}, the target would show which of your lines lead to ${named}`;
}

/** Where the uploads allocate and free again, the largest first. */
export function churnSitesInWords({ churn }: Pick<ScenarioRecord, 'churn'>, most = 3): string | undefined {
  const sites = churn?.sites?.slice(0, most) ?? [];
  if (sites.length === 0) return undefined;
  const words = sites.map(({ site, stack, perUpload, share }) => {
    const callee = calleeOf(site, stack);
    const where = callee
      ? `${nameInWords(shortName(callee.function))} in ${frameInWords(site)}`
      : frameInWords(site);
    return `${formatBytes(perUpload)} (${shareInWords(share)}) by ${where}`;
  });
  return listed(words);
}
