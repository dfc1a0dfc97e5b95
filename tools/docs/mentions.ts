import type { Command } from 'commander';
import { fencesOf, type Page, spansOf } from './pages.ts';

/** A use of our command line on a page: the words behind `counterpoint`. */
export interface Mention {
  readonly page: string;
  readonly words: readonly string[];
}

const STARTS = [/^(?:npm run (?:-s )?counterpoint -- )(.+)$/, /^counterpoint (.+)$/];

function words(text: string): string[] {
  return (text.replace(/\s+#.*$/, '').split(/\s\||\s>/)[0] ?? '').match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
}

/** Every use of our command line on a page: in shell blocks, in inline code, and quoted in messages. */
export function mentionsOf(page: Page): readonly Mention[] {
  const lines = fencesOf(page)
    .filter(({ language }) => language === 'sh' || language === 'bash')
    .flatMap(({ text }) => text.replace(/ *\\\n\s*/g, ' ').split('\n'))
    .map((line) => line.trim());
  const quoted = [...page.text.matchAll(/"(counterpoint [^"]+)"/g)].map((match) => match[1] ?? '');
  return [...lines, ...spansOf(page), ...quoted].flatMap((text) => {
    const found = STARTS.map((start) => start.exec(text)?.[1]).find((rest) => rest !== undefined);
    return found === undefined ? [] : [{ page: page.path, words: words(found) }];
  });
}

/** Why a command line could not be what is meant; undefined: it is known. */
export function problemOf(program: Command, { words: all }: Mention): string | undefined {
  let command = program;
  const options = new Set<string>(['--help', ...program.options.map(({ long }) => long ?? '')]);
  for (const [index, word] of all.entries()) {
    const name = word.replace(/[=,.].*$/, '');
    const inner = command.commands.find((one) => one.name() === word);
    if (inner && (index === 0 || command !== program)) {
      command = inner;
      for (const { long, short } of inner.options) for (const one of [long, short]) if (one) options.add(one);
    } else if (word.startsWith('-') && word !== '-') {
      if (!options.has(name)) return `${command.name()} has no option ${name}`;
    } else if (index === 0 && /^[a-z]/.test(word)) return `there is no verb ${word}`;
    else if (command.commands.length > 0 && command.registeredArguments.length === 0 && index === 1) {
      if (/^[a-z]+$/.test(word)) return `${command.name()} has no verb ${word}`;
    }
  }
  return undefined;
}
