import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Trace } from '@counterpoint/actions';
import { nearest } from '@counterpoint/core';
import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions } from '../context.ts';
import { errors } from '../errors.ts';
import type { Expectation, Story } from '../stories/story.ts';
import { line, printJson } from '../terminal.ts';
import { renderTrace } from '../trace-view.ts';

interface Played {
  readonly traces: readonly Trace[];
  readonly expectations: readonly Expectation[];
}

/** Plays a story on a server of its own; tells it as it goes on. */
async function play(story: Story, say: (text: string) => void): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'counterpoint-demo-'));
  const [{ startServer, loadConfig }, { createStage }, { progressOf }] = await Promise.all([
    import('@counterpoint/server'),
    import('../stories/stage.ts'),
    import('../stories/progress.ts'),
  ]);
  const flags = { data_dir: join(folder, 'data'), 'server.port': '0', 'log.level': 'error', ...story.settings };
  const { config } = loadConfig({ flags, env: {}, file: { path: join(folder, 'none.yaml'), named: false } });
  const server = await startServer(config);
  const traces: Trace[] = [];
  const expectations: Expectation[] = [];
  try {
    say(`${pc.green('✔')} a server with the lab is up in ${folder}`);
    const stopWatching = server.store.onCommitted((change) => progressOf(change).forEach(say));
    const stage = await createStage(server, {
      say: (text) => say(`\n${pc.bold(text)}`),
      trace(trace) {
        traces.push(trace);
        say('');
        for (const text of renderTrace(trace.trace, trace.roots)) say(text);
        say('');
      },
      check(expectation) {
        expectations.push(expectation);
        say(`${expectation.holds ? pc.green('✔') : pc.red('✘')} ${expectation.what}`);
      },
    });
    await story.play(stage);
    stopWatching();
    return { traces, expectations };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function listStories(all: readonly Story[], json: boolean): void {
  if (json) printJson(all.map(({ id, title, plot }) => ({ id, title, plot })));
  else {
    for (const { id, title, plot } of all) line(`${pc.bold(id)}  ${title}\n  ${pc.dim(plot)}\n`);
    line(`Play one: npm run demo -- ${all[0]?.id}`);
  }
}

async function run(id: string | undefined, options: { list?: boolean }, command: Command): Promise<void> {
  const { json } = globalOptions(command);
  const { stories } = await import('../stories/index.ts');
  if (options.list || id === undefined) return listStories(stories, json);
  const story = stories.find((one) => one.id === id);
  if (!story) {
    const near = nearest(
      id,
      stories.map((one) => one.id),
    );
    throw errors.story_unknown({ name: id, suggestion: near ? `; did you mean ${near}?` : '' });
  }
  const say = (text: string) => {
    if (!json) line(text);
  };
  say(`${pc.bold(story.title)}\n${story.plot}\n`);
  const played = await play(story, say);
  if (json) printJson({ story: story.id, ...played });
  else line(pc.dim(`\nThat was "${story.title}". Start the real thing with: npm start`));
  const missed = played.expectations.filter(({ holds }) => !holds);
  if (missed.length > 0) throw errors.story_failed({ name: id, reason: missed.map(({ what }) => what).join('; ') });
}

/** `counterpoint demo [story]`: plays a story on a server of its own, on a temporary directory. */
export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('play a story on a server of its own, and show its trace')
    .argument('[story]', 'which story; without it they are listed')
    .option('--list', 'list the stories')
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint demo brute-force\n  counterpoint demo fabric\n  counterpoint demo --list --json',
    )
    .action(run);
}
