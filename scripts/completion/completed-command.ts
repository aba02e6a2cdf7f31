/** What a shell completes of the command line: subcommands, their options and what follows each. Derived from the commands themselves. */
import type { Argument, Command, Option } from 'commander';

/** What follows an option, or stands as an argument: paths, one of a few words, anything else (`any`), or nothing (`none`: a switch). */
export type Completed =
  | { kind: 'none' }
  | { kind: 'any' }
  | { kind: 'paths' }
  | { kind: 'words'; words: readonly string[]; orPaths: boolean };

export interface CompletedOption {
  flags: readonly string[];
  description: string;
  value: Completed;
}

export interface CompletedCommand {
  name: string;
  summary: string;
  options: readonly CompletedOption[];
  /** Of its first argument. */
  argument: Completed;
}

/** Words that an option or argument takes and its declaration does not list: by its long flag or name. */
export type KnownWords = Readonly<Record<string, { words: readonly string[]; orPaths: boolean }>>;

export function completedCommand(
  command: Command,
  { summary, known }: { summary: string; known: KnownWords },
): CompletedCommand {
  const help: CompletedOption = {
    flags: ['-h', '--help'],
    description: 'display help for command',
    value: { kind: 'none' },
  };
  return {
    name: command.name(),
    summary,
    options: [...command.options.filter(({ hidden }) => !hidden).map((option) => completedOption(option, known)), help],
    argument: argumentOf(command.registeredArguments[0], known),
  };
}

function completedOption(option: Option, known: KnownWords): CompletedOption {
  const flags = [option.short, option.long].flatMap((flag) => (flag ? [flag] : []));
  return { flags, description: firstSentence(option.description), value: followingOf(option, known) };
}

function followingOf(option: Option, known: KnownWords): Completed {
  if (!option.required && !option.optional) return { kind: 'none' };
  if (option.argChoices) return { kind: 'words', words: option.argChoices, orPaths: false };
  const listed = known[option.long ?? ''];
  if (listed) return { kind: 'words', ...listed };
  return /<(?:file|folder)>/.test(option.flags) ? { kind: 'paths' } : { kind: 'any' };
}

function argumentOf(argument: Argument | undefined, known: KnownWords): Completed {
  if (argument === undefined) return { kind: 'none' };
  if (argument.argChoices) return { kind: 'words', words: argument.argChoices, orPaths: false };
  const listed = known[argument.name()];
  if (listed) return { kind: 'words', ...listed };
  return argument.name() === 'user' ? { kind: 'any' } : { kind: 'paths' };
}

/** A menu has one line for each. */
const firstSentence = (text: string): string => text.split(/[;:(]|\. /)[0]?.trim() ?? '';
