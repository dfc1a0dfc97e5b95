import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { errors } from '../errors.ts';
import { readSecret } from '../read-secret.ts';
import { line, printJson } from '../terminal.ts';

/** `counterpoint password`: sets the password that one signs in with in a browser. */
export function addPassword(program: Command): void {
  program
    .command('password')
    .description('set the password that you sign in with in a browser; all your sessions end')
    .addHelpText(
      'after',
      '\nIt is asked for twice in a terminal, and else read from standard input (one line).\n\nExamples:\n  counterpoint password\n  pass show counterpoint | counterpoint password',
    )
    .action(async (_options: unknown, command: Command) => {
      const client = signedInClient(command);
      const password = await readSecret('New password: ');
      if (process.stdin.isTTY && (await readSecret('Once more:    ')) !== password) throw errors.passwords_differ();
      await client.setPassword({ body: { password } });
      const { name } = await client.whoami();
      if (globalOptions(command).json) return printJson({ name });
      line(`${pc.green('✔')} ${pc.bold(name)} signs in with the new password now; earlier sessions have ended`);
    });
}
