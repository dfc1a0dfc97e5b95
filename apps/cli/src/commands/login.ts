import { createClient } from '@counterpoint/sdk';
import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions } from '../context.ts';
import { saveToken } from '../credentials.ts';
import { readSecret } from '../read-secret.ts';
import { line, printJson } from '../terminal.ts';

/** `counterpoint login`: keeps a token that was made elsewhere, such as in the console. */
export function addLogin(program: Command): void {
  program
    .command('login')
    .description('keep a token of yours for this command line; the console makes one under Settings, API tokens')
    .addHelpText(
      'after',
      '\nThe token is asked for in a terminal, and else read from standard input (one line).\n\nExamples:\n  counterpoint login\n  pass show counterpoint-token | counterpoint login --url https://soc.example.com',
    )
    .action(async (_options: unknown, command: Command) => {
      const { url, json } = globalOptions(command);
      const token = (await readSecret('API token: ')).trim();
      const { name } = await createClient({ url, token }).whoami();
      const file = saveToken(url, token, process.env);
      if (json) printJson({ name, credentials: file });
      else line(`${pc.green('✔')} signed in to ${url} as ${pc.bold(name)}; the token is kept in ${file}`);
    });
}
