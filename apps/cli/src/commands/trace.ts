import { type Command, InvalidArgumentError } from 'commander';
import { globalOptions, signedInClient } from '../context.ts';
import { line, printJson } from '../terminal.ts';
import { filterTrace, renderTrace } from '../trace-view.ts';

/** `counterpoint trace <ref>`: why something happened, and what it brought about. */
export function addTrace(program: Command): void {
  program
    .command('trace')
    .description('show why something happened and what it brought about, as a tree with times')
    .argument('<what>', 'alert:…, run:…, effect:…, case:…, event:…, an id, a trace id, or an address that was acted on')
    .option('--only <kinds>', 'these kinds of things alone, such as event,reaction,effect', kinds)
    .option('--depth <n>', 'so many levels', depth)
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint trace 203.0.113.66\n  counterpoint trace event:0199… --only event,reaction,effect',
    )
    .action(async (ref: string, filter: { only?: string[]; depth?: number }, command: Command) => {
      const answer = await signedInClient(command).trace({ ref });
      const roots = filterTrace(answer.roots, filter);
      if (globalOptions(command).json) printJson({ ...answer, roots });
      else for (const text of renderTrace(answer.trace, roots)) line(text);
    });
}

function kinds(text: string): string[] {
  return text.split(',').map((kind) => kind.trim());
}

function depth(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1.');
  return Number(text);
}
