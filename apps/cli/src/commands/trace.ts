import type { Command } from 'commander';
import { globalOptions, signedInClient } from '../context.ts';
import { line, printJson } from '../terminal.ts';
import { renderTrace } from '../trace-view.ts';

/** `counterpoint trace <ref>`: why something happened, and what it brought about. */
export function addTrace(program: Command): void {
  program
    .command('trace')
    .description('show why something happened and what it brought about, as a tree with times')
    .argument('<what>', 'alert:…, run:…, effect:…, case:…, event:…, an id, a trace id, or an address that was acted on')
    .addHelpText('after', '\nExamples:\n  counterpoint trace 203.0.113.66\n  counterpoint trace run:0199…')
    .action(async (ref: string, _options: unknown, command: Command) => {
      const answer = await signedInClient(command).trace({ ref });
      if (globalOptions(command).json) printJson(answer);
      else for (const text of renderTrace(answer.trace, answer.roots)) line(text);
    });
}
