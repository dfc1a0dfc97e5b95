import { coreErrors, isCounterpointError, newId } from '@counterpoint/core';
import pc from 'picocolors';
import { ExitCode } from './exit-codes.ts';
import { printable, safe } from './terminal.ts';

/** Prints an error as its catalogue says it and gives the exit code for it. */
export function reportFailure(thrown: unknown, json: boolean): number {
  const error = isCounterpointError(thrown) ? thrown : coreErrors.internal({ reference: newId() }, { cause: thrown });
  if (json) {
    const { code, message, help, retryable, details } = error;
    process.stderr.write(`${printable(JSON.stringify({ error: { code, message, help, retryable, details } }))}\n`);
  } else {
    process.stderr.write(`${pc.red('✘')} ${safe(error.message)} ${pc.dim(error.code)}\n  ${safe(error.help)}\n`);
    if (error.code === 'core.internal')
      process.stderr.write(`${printable(String(thrown instanceof Error ? thrown.stack : thrown))}\n`);
  }
  if (error.code === 'sdk.unreachable') return ExitCode.unreachable;
  return error.code.startsWith('cli.') && error.status === 400 ? ExitCode.usage : ExitCode.findings;
}
