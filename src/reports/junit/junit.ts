import { type Hunt, type ResourceRecord, type ScenarioRecord, scenariosOf } from '../../record/record.js';
import type { ReportOptions } from '../options.js';
import { loadInWords, speedInWords } from '../text/load.js';
import { verdictWord } from '../text/self-usage.js';
import { closingSentence, sentenceOf } from '../text/verdict.js';
import { besideBaseline, caseOfMeasuring, caseOfResource, type TestCase } from './cases.js';
import { xmlAttributes, xmlText } from './xml.js';

/**
 * A test suite for each scenario, with a test case for each resource and one, `measured`, for the hunt
 * itself. It contains a failure or an error exactly if the hunt's exit code is not 0. Source of the format:
 * Jenkins' xUnit plug-in, junit-10.xsd.
 */
export function junit(hunt: Hunt, options: ReportOptions = {}): string {
  const suites = scenariosOf(hunt).map(part => suiteOf(hunt, part, options));
  const totals = sumOf(suites.map(({ counts }) => counts));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${xmlAttributes({ name: 'leakhunt', time: seconds(hunt.leakhunt.seconds), ...totals })}>`,
    ...suites.map(({ text }) => text),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Counts {
  tests: number;
  failures: number;
  errors: number;
}

function suiteOf(hunt: Hunt, part: ScenarioRecord, options: ReportOptions): { text: string; counts: Counts } {
  const cases = [
    caseOfMeasuring(part, options),
    ...part.resources.map(resource =>
      besideBaseline(hunt, part, resource, caseOfResource(part, resource, options)),
    ),
  ];
  const having = (outcome: TestCase['outcome']) => cases.filter(each => each.outcome === outcome).length;
  const counts = { tests: cases.length, failures: having('failure'), errors: having('error') };
  const time = timeOf(part);
  const name = `leakhunt.${part.scenario}`;
  const timestamp = hunt.leakhunt.startedAt;
  const text = [
    `  <testsuite${xmlAttributes({ name, ...counts, skipped: having('skipped'), time, timestamp })}>`,
    '    <properties>',
    ...propertiesOf(hunt, part).map(each => `      <property${xmlAttributes(each)}/>`),
    '    </properties>',
    ...cases.map((each, i) => caseText(each, name, i === 0 ? time : '0.000')),
    `    <system-out>${xmlText(toldOf(hunt, part).join('\n'))}</system-out>`,
    '  </testsuite>',
  ].join('\n');
  return { text, counts };
}

function caseText({ name, outcome, type, message, body }: TestCase, classname: string, time: string): string {
  const start = `    <testcase${xmlAttributes({ name, classname, time })}>`;
  const output = body === '' ? '' : xmlText(body);
  if (outcome === 'passed') {
    return `${start}${output && `<system-out>${output}</system-out>`}</testcase>`;
  }
  return `${start}\n      <${outcome}${xmlAttributes({ type, message })}>${output}</${outcome}>\n    </testcase>`;
}

/** The result of the hunt, and the numbers of each resource in its own unit. */
function propertiesOf(hunt: Hunt, part: ScenarioRecord): { name: string; value: string | number }[] {
  const { url, runtime = '' } = hunt.target;
  return [
    { name: 'leakhunt.version', value: hunt.leakhunt.version },
    { name: 'target.url', value: url },
    { name: 'target.runtime', value: runtime },
    { name: 'verdict', value: verdictWord(part) },
    { name: 'uploads', value: part.load.completed },
    ...part.resources.flatMap(numbersOf),
  ];
}

function numbersOf({ name, unit, verdict, reason, margin, perUpload }: ResourceRecord) {
  const { estimate, low, high } = perUpload;
  const values = { unit, verdict, reason, 'per-upload': estimate, low, high, margin };
  return Object.entries(values).map(([key, value]) => ({
    name: `${name}.${key}`,
    value: typeof value === 'number' ? Number(value.toPrecision(6)) : value,
  }));
}

function toldOf(hunt: Hunt, part: ScenarioRecord): string[] {
  const several = scenariosOf(hunt).length > 1;
  return [
    closingSentence(hunt),
    ...(several ? [`${part.scenario}: ${sentenceOf(part)}`] : []),
    loadInWords(part.load),
    ...(part.load.completed > 0 && !several ? [speedInWords(hunt)] : []),
    ...(hunt.leakhunt.command ? [hunt.leakhunt.command] : []),
    ...part.warnings,
  ];
}

/** Rounds and readings together. */
function timeOf({ rounds }: ScenarioRecord): string {
  return seconds(rounds.reduce((sum, each) => sum + each.seconds + each.readingSeconds, 0));
}

function seconds(value: number): string {
  return (Number.isFinite(value) && value > 0 ? value : 0).toFixed(3);
}

function sumOf(all: Counts[]): Counts {
  const sum = (of: (counts: Counts) => number) => all.reduce((total, each) => total + of(each), 0);
  return {
    tests: sum(each => each.tests),
    failures: sum(each => each.failures),
    errors: sum(each => each.errors),
  };
}
