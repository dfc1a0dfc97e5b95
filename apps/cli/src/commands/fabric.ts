import { parseDuration } from '@counterpoint/core';
import { type Command, InvalidArgumentError } from 'commander';
import type { CheckOptions } from './fabric-check.ts';
import { addDead, rewind } from './fabric-dead.ts';
import { consumers, type EventsOptions, events, map, topics, whatIf } from './fabric-views.ts';

function span(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw new InvalidArgumentError('It is a duration, such as 2h.');
  }
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

function addCheck(fabric: Command): void {
  fabric
    .command('check')
    .description(
      'check how reactions, playbooks and participants fit together: circles, orphans, failures nobody handles',
    )
    .argument('[paths...]', 'files or folders', ['content'])
    .option('--against <folder>', 'a folder with the topics as they were: a changed schema needs a new version')
    .option('--server', 'what is published on the server, instead of files')
    .option('--strict', 'warnings count as errors')
    .addHelpText(
      'after',
      '\nConditions are not evaluated: a circle whose conditions exclude each other is reported all the same.\n\nExamples:\n  counterpoint fabric check\n  counterpoint fabric check my-content --strict\n  counterpoint fabric check --server',
    )
    .action(async (paths: string[], options: CheckOptions, command: Command) => {
      const { check } = await import('./fabric-check.ts');
      await check(paths, options, command);
    });
}

function addViews(fabric: Command): void {
  fabric
    .command('map')
    .description('who publishes and takes what, with counts of the last hour; what is held, refused and dead')
    .action((options: unknown, command: Command) => map(options, command));
  fabric
    .command('topics')
    .description('list topics, who publishes and who takes them')
    .action((options: unknown, command: Command) => topics(options, command));
  fabric
    .command('events')
    .description('read the event log, in the order of delivery')
    .option('--topic <pattern>', 'a topic; * stands for one word, > at the end for the rest', '>')
    .option('--since <duration>', 'how far back to begin, such as 2h', span)
    .option('--after <position>', 'begin behind this position', whole)
    .option('--limit <n>', 'at most so many', whole, 100)
    .addHelpText('after', "\nExamples:\n  counterpoint fabric events --topic 'verdict.>' --since 1h")
    .action((options: EventsOptions, command: Command) => events(options, command));
  fabric
    .command('consumers')
    .description('how far every consumer of the event log has come')
    .action((options: unknown, command: Command) => consumers(options, command));
  fabric
    .command('what-if')
    .description('which reactions and playbooks would take an event, and what each would do; nothing happens')
    .argument('<event.json>', 'a file with {"topic": …, "data": …, "participant": …}, or - for standard input')
    .addHelpText(
      'after',
      '\nRates, keys and storm breakers are not looked at.\n\nExamples:\n  counterpoint fabric what-if verdict.json',
    )
    .action((file: string, options: unknown, command: Command) => whatIf(file, options, command));
}

/** `counterpoint fabric`: the fabric as a whole. */
export function addFabric(program: Command): void {
  const fabric = program
    .command('fabric')
    .description('the fabric as a whole: check it, see it, operate it')
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint fabric check\n  counterpoint fabric map\n  counterpoint fabric dead list',
    );
  addCheck(fabric);
  addViews(fabric);
  addDead(fabric);
  fabric
    .command('rewind')
    .description('let a consumer go on from another place of the log; events come to it again from there')
    .argument('<consumer>', 'its name, see: counterpoint fabric consumers')
    .requiredOption('--to <place>', 'a position (go on behind it), or a time such as 2026-11-22T08:00:00Z')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      '\nRuns and reactions are started once for an event, also when it comes again.\n\nExamples:\n  counterpoint fabric rewind reactions --to 1200 --reason "a condition was wrong"',
    )
    .action((name: string, options: Parameters<typeof rewind>[1], command: Command) => rewind(name, options, command));
}
