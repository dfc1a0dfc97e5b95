import { createInterface } from 'node:readline/promises';
import { errors } from './errors.ts';

/** Asks a question that only `y` or `yes` agrees to. @throws cli.confirm_needed where nobody can answer */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw errors.confirm_needed();
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim());
  } finally {
    prompt.close();
  }
}
