import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fence, fencesOf } from '../../tools/docs/pages.ts';

const ROOT = join(import.meta.dirname, '../..');
const BETWEEN = '\n=====\n';

/** How a page is pasted. */
export interface Pasting {
  /** Folder in which its commands run. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What stands on the page for something that differs from reader to reader, and what it is here; may be shell. */
  readonly insteadOf?: Readonly<Record<string, string>>;
  /** Commands that are run before the page. */
  readonly before?: string;
}

/** The blocks of a page that are to be run: those marked `sh run`; `sh run fails` says that the last command ends with an error. */
export function blocksOf(page: string): readonly Fence[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return fencesOf({ path: page, text }).filter(({ mark }) => mark === 'run');
}

function scriptOf(block: Fence, insteadOf: NonNullable<Pasting['insteadOf']>): string {
  let { text } = block;
  for (const [shown, here] of Object.entries(insteadOf)) text = text.replaceAll(shown, here);
  const script = block.name === 'fails' ? `if (${text}); then echo "it did not fail" >&2; exit 1; fi` : text;
  return `${script}\nprintf '\\n=====\\n'`;
}

/**
 * Runs the blocks of a page from top to bottom in one shell, as somebody who pastes it, and gives what each printed.
 *
 * @throws Error with everything that was printed when a command fails
 */
export async function pastePage(page: string, pasting: Pasting): Promise<readonly string[]> {
  const { folder, env = {}, insteadOf = {}, before = '' } = pasting;
  const script = [before, ...blocksOf(page).map((block) => scriptOf(block, insteadOf))].join('\n');
  const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let wrong = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    wrong += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${page} ended with ${code}:\n${wrong}\n${printed}`);
  return printed.split(BETWEEN);
}
