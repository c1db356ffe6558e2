import type { Command, Help, HelpConfiguration, Option } from 'commander';
import { exitCodes, exitCodeWords } from '../../exit-codes.js';

/** What a command's help shows beyond commander's own. */
export interface HelpPlan {
  /** Long names of what most people need: `--help` shows these, `--help-all` all of them. */
  first?: readonly string[];
  /** Whether the exit code is a verdict, and the words of those codes that mean something else here. */
  exitCodes?: Partial<typeof exitCodeWords>;
  /** Paragraphs at the end, each of lines that are indented on their own. */
  more?: readonly string[];
}

/** In a terminal narrower than this, a description stands below its term. */
const twoColumns = 60;
/** A term that takes more than this share of the width has its description below it. */
const widestTerm = 0.34;

/** Gives a command a help that fits the terminal; where `first` is given, a short one and `--help-all`. */
export function addHelp(command: Command, plan: HelpPlan = {}): void {
  let all = plan.first === undefined;
  command.configureHelp({ ...wrapping, formatHelp: (cmd, helper) => formatted(cmd, helper, plan, all) });
  if (all) return;
  command.optionsGroup('Options:').option('--help-all', 'show every option');
  command.on('option:help-all', () => {
    all = true;
    command.help();
  });
}

/** Commander wraps nothing that has less room than this. */
const wrapping: HelpConfiguration = { minWidthToWrap: 1 };

function formatted(command: Command, helper: Help, plan: HelpPlan, all: boolean): string {
  const { first = [], more = [] } = plan;
  const width = helper.helpWidth ?? 80;
  const options = helper.visibleOptions(command);
  const shown = all ? options : first.map(name => options.find(({ long }) => long === name)!);
  const groups = helper.groupItems(options, shown, ({ helpGroupHeading }) =>
    all ? (helpGroupHeading ?? 'Options:') : 'Options:',
  ) as Map<string, Option[]>;
  const sections: [heading: string, items: Item[]][] = [
    [
      'Arguments:',
      helper
        .visibleArguments(command)
        .map(each => [helper.argumentTerm(each), helper.argumentDescription(each)]),
    ],
    [
      'Commands:',
      helper.visibleCommands(command).map(each => [helper.subcommandTerm(each), each.description()]),
    ],
    ...[...groups].map(([heading, each]): [string, Item[]] => [
      heading,
      each.map(option => [helper.optionTerm(option), described(option)]),
    ]),
  ];
  const terms = sections.flatMap(([, items]) => items.map(([term]) => term.length));
  const column = Math.max(...terms.filter(length => length <= width * widestTerm));
  const parts = sections
    .filter(([, items]) => items.length > 0)
    .map(([heading, items]) => [
      heading,
      items.map(item => itemText(helper, item, column, width)).join('\n'),
    ]);
  const paragraphs = [
    hanging(helper, `Usage: ${helper.commandUsage(command)}`, width, '  '),
    hanging(helper, sentence(helper.commandDescription(command)), width, ''),
    ...(all
      ? parts.map(([heading, text]) => `${heading}\n${text}`)
      : [parts.map(([, text]) => text).join('\n')]),
    ...more.map(text =>
      text
        .split('\n')
        .map(line => hanging(helper, line, width, line.startsWith(' ') ? '    ' : ''))
        .join('\n'),
    ),
    footer(command, plan, all, options.length)
      .map(text => hanging(helper, text, width, '  '))
      .join('\n'),
  ];
  return `${paragraphs.filter(text => text !== '').join('\n\n')}\n`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
}

type Item = [term: string, description: string];

/** What an option does, its choices as a list of words, and its default as it is written. */
function described({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices ? `: ${argChoices.join(', ')}` : '';
  const byDefault = typeof defaultValue === 'string' || typeof defaultValue === 'number';
  return `${description}${choices}${byDefault ? ` (default: ${defaultValue})` : ''}`;
}

/** A term and its description beside it, or below it where there is no room. */
function itemText(helper: Help, [term, description]: Item, column: number, width: number): string {
  if (width < twoColumns) {
    return [
      hanging(helper, `  ${term}`, width, '    '),
      indented(helper, description, width, ' '.repeat(6)),
    ].join('\n');
  }
  const left = ' '.repeat(column + 4);
  const text = indented(helper, description, width, left);
  return term.length > column ? `  ${term}\n${text}` : `  ${term.padEnd(column)}  ${text.slice(left.length)}`;
}

/** Wraps a text; `left` stands before each line. A default that is one word stays on one line. */
function indented(helper: Help, text: string, width: number, left: string): string {
  const unbroken = text.replace(/\(default: \S+\)/g, byDefault => byDefault.replace(' ', '\0'));
  return helper
    .boxWrap(unbroken, width - left.length)
    .replaceAll('\0', ' ')
    .split('\n')
    .map(line => left + line)
    .join('\n');
}

/** Wraps a line; `left` stands before each line but the first. */
function hanging(helper: Help, text: string, width: number, left: string): string {
  return helper.boxWrap(text, width - left.length).replaceAll('\n', `\n${left}`);
}

/** The exit codes, and where the rest of the options is. */
function footer(command: Command, plan: HelpPlan, all: boolean, count: number): string[] {
  const lines = [];
  if (plan.exitCodes) {
    const words = { ...exitCodeWords, ...plan.exitCodes, ...(all ? {} : shorter) };
    const listed = Object.entries(words).map(
      ([name, word]) => `${exitCodes[name as keyof typeof exitCodes]} ${word}`,
    );
    lines.push(`Exit codes: ${listed.slice(0, all ? undefined : shortList).join(', ')}.`);
  }
  if (!all) lines.push(`leakhunt ${command.name()} --help-all shows all ${count} options.`);
  return lines;
}

/** The short help leaves out how leakhunt ends where it fails or is interrupted, to keep to one line. */
const shortList = 5;
const shorter: Partial<typeof exitCodeWords> = { unmeasurable: 'not measured' };
