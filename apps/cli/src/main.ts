import { type Command, CommanderError } from 'commander';
import { ExitCode } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import { createProgram } from './program.ts';

function throwInsteadOfExit(command: Command): Command {
  for (const inner of command.commands) throwInsteadOfExit(inner);
  return command.exitOverride();
}

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const program = throwInsteadOfExit(createProgram());

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
