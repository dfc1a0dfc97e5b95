import { CommanderError } from 'commander';
import { ExitCode } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import { createProgram } from './program.ts';

const program = createProgram().exitOverride();
for (const command of program.commands) command.exitOverride();

try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode =
    error instanceof CommanderError
      ? error.exitCode === 0
        ? ExitCode.ok
        : ExitCode.usage
      : reportFailure(error, process.argv.includes('--json'));
}
