import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { errors } from '../errors.ts';
import type { LoadJob, LoadResult } from './job.ts';

const PROGRAM = join(import.meta.dirname, 'main.ts');
const GRACE_SECONDS = 60;
const LINES_SECONDS = 600;

/** Seconds after which the generator is taken for stuck. */
function patience(job: LoadJob): number {
  return job.work.kind === 'steady' ? job.work.warmup_seconds + job.work.seconds + GRACE_SECONDS : LINES_SECONDS;
}

/**
 * Runs the load generator in a process of its own.
 *
 * @param program name for the errors
 * @throws bench.load_failed, also when there was no answer at all; bench.wrong_answer when one was not as expected
 */
export async function runLoad(program: string, job: LoadJob): Promise<LoadResult> {
  const child = spawn(process.execPath, [PROGRAM], {
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: Math.ceil(patience(job) * 1000),
    killSignal: 'SIGKILL',
  });
  child.stdin.end(JSON.stringify(job));
  const closed = new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const [output, complaints, end] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  if (end !== 'exit code 0') throw errors.load_failed({ reason: end, output: complaints.slice(-2000) });
  const result = JSON.parse(output) as LoadResult;
  if (result.errors > 0) {
    throw errors.wrong_answer({ program, count: result.errors, first: result.first_error });
  }
  if (result.answers === 0) throw errors.load_failed({ reason: 'no answer came while it was measuring', output: '' });
  return result;
}
