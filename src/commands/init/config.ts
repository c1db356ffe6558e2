import { withScheme } from '../../address.js';
import { sources } from '../../probes/catalogue.js';
import { resources } from '../../probes/resources.js';
import type { Survey, SurveyedResource } from '../../record/survey.js';
import { plain } from '../../reports/text/plain.js';
import { before, inOneLine } from '../../text.js';
import { formatReading, formatValue } from '../../units.js';

/** The content of a first configuration: the settings, and what is known about them. */
export interface FirstConfig {
  url: string;
  /** `name:password` of the URL is in this variable instead. */
  user?: string;
  probe?: string[];
  maxGrowth: Record<string, string | number>;
  readings: string[];
  /** Why nothing could be read from the target. */
  unread?: string;
  /** Variables that the file refers to. */
  variables: string[];
}

/** The rounds in which a margin should be resolved, and the uploads in each. */
const rounds = 20;
export const uploadsPerRound = 100;
export const concurrency = 10;

const userVariable = 'UPLOAD_USER';
/** How a configuration refers to the environment. */
const placeholder = (name: string) => `\${${name}}`;

/**
 * The settings that a survey suggests; without one, what the URL alone tells. Secrets in the URL become
 * variables.
 */
export function firstConfig(address: string, found: Survey | { unread: string }): FirstConfig {
  const { url, user, variables } = withoutSecrets(address);
  if ('unread' in found) return { url, user, variables, maxGrowth: {}, readings: [], unread: found.unread };
  const pinned = found.probes
    // A process id and an inspector's port change at each start.
    .filter(({ source, endpoint }) => sources[source]?.ports?.any && !endpoint.includes('***'))
    .map(({ source, endpoint }) => `${source}=${endpoint}`);
  return {
    url,
    user,
    variables,
    probe: [...pinned, 'auto'],
    maxGrowth: Object.fromEntries(found.resources.map(marginFor).filter(each => each !== undefined)),
    readings: found.resources.map(reading),
  };
}

/** Takes credentials and query values out of a URL: others may read the file. */
function withoutSecrets(address: string): Pick<FirstConfig, 'url' | 'user' | 'variables'> {
  const [, start, credentials, rest] = /^(\w[\w+.-]*:\/\/)([^/?#]*@)?(.*)$/s.exec(withScheme(address))!;
  const variables = credentials === undefined ? [] : [userVariable];
  // A fragment is never sent, and may be a secret.
  const url = (start! + before(rest!, '#')).replace(/([?&])([^?=&#]+)=([^&#]+)/g, (_, sign, name: string) => {
    const variable = `UPLOAD_${name.replace(/\W/g, '_').toUpperCase()}`;
    variables.push(variable);
    return `${sign}${name}=${placeholder(variable)}`;
  });
  return { url, user: credentials === undefined ? undefined : placeholder(userVariable), variables };
}

/**
 * A margin wide enough to be resolved in `rounds` rounds, if the default one is not: four standard errors of
 * the slope of a line through readings as noisy as these. The range of five is 2.326 standard deviations
 * (Tippett 1925).
 */
function marginFor({ name, noise, margin }: SurveyedResource): [string, string | number] | undefined {
  const spread = uploadsPerRound * Math.sqrt((rounds ** 3 - rounds) / 12);
  const least = (4 * (noise / 2.326)) / spread;
  if (least <= margin) return undefined;
  const step = 10 ** (Math.floor(Math.log10(least)) - 1);
  const rounded = Number((Math.ceil(least / step) * step).toPrecision(2));
  return [name, resources[name].unit === 'bytes' ? `${Math.ceil(rounded)}B` : rounded];
}

function reading({ name, value, noise, margin, source }: SurveyedResource): string {
  const { title, unit } = resources[name];
  const now = `${formatReading(value, unit)}, five readings within ${formatReading(noise, unit)}`;
  return `${title}, by ${source}: ${now}; flat below ${formatValue(margin, unit)} per upload`;
}

/** The configuration as JSON, which has no comments. */
export function jsonText({ url, user, probe, maxGrowth }: FirstConfig): string {
  const growth = Object.keys(maxGrowth).length > 0 ? maxGrowth : undefined;
  const settings = { url, user, n: uploadsPerRound, concurrency, size: '1.3MB', probe, maxGrowth: growth };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** The configuration as a module with comments. */
export function moduleText({ url, user, probe, maxGrowth, readings, unread }: FirstConfig): string {
  const growth = Object.entries(maxGrowth).map(([name, amount]) => `${literal(name)}: ${literal(amount)}`);
  const lines = [
    ...(unread === undefined
      ? []
      : comments(`The target could not be read when this was written: ${unread}`)),
    `url: ${literal(url)},`,
    ...(user === undefined ? [] : [`user: ${literal(user)},`]),
    ...comments('Let leakhunt start the target, and stop it at the end:', "start: 'node server.js',"),
    '',
    ...comments('Uploads per round, and concurrent uploads.'),
    `n: ${uploadsPerRound},`,
    `concurrency: ${concurrency},`,
    '',
    ...comments(`A generated file, or a form instead; ${placeholder('NAME')} comes from the environment.`),
    "size: '1.3MB',",
    ...comments("form: ['file=@./foo.pdf'],", `header: { Authorization: 'Bearer ${placeholder('TOKEN')}' },`),
    '',
    ...comments('What to read; auto is whatever can be found.'),
    `probe: [${(probe ?? ['auto']).map(literal).join(', ')}],`,
    '',
    ...comments(
      'The largest growth per upload to call flat. Readings without uploads:',
      ...readings.map(each => `  ${each}`),
    ),
    growth.length > 0 ? `maxGrowth: { ${growth.join(', ')} },` : "// maxGrowth: { heap: '1KiB' },",
    '',
    ...comments(
      'Several hunts that differ in some options: leakhunt run',
      "hunts: { small: { size: '1kB' }, large: { size: '20MB' } },",
    ),
  ];
  return [
    '// Every option of `leakhunt upload` is a key, by its long name. Options and LEAKHUNT_* variables take precedence.',
    'export default {',
    ...lines.map(line => (line === '' ? '' : `  ${line}`)),
    '};',
    '',
  ].join('\n');
}

/** Text from a target stays within its comment. */
function comments(...lines: string[]): string[] {
  return lines.map(line => `// ${inOneLine(plain(line))}`);
}

function literal(value: string | number): string {
  if (typeof value === 'number') return String(value);
  return /['\\]|[^ -~]/.test(value) ? JSON.stringify(value) : `'${value}'`;
}
