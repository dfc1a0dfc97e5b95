import { createClient } from '@counterpoint/sdk';
import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions } from '../context.ts';
import { saveToken } from '../credentials.ts';
import { line, printJson } from '../terminal.ts';

/** `counterpoint setup <code>`: creates the owner and keeps its token. */
export function addSetup(program: Command): void {
  program
    .command('setup')
    .description('create the owner with the one-time code that the first start printed')
    .argument('<code>', 'the one-time code')
    .option('--name <name>', 'name of the owner', 'owner')
    .addHelpText('after', '\nExample:\n  counterpoint setup 7K2M-… --name ada')
    .action(async (code: string, options: { name: string }, command: Command) => {
      const { url, json } = globalOptions(command);
      const created = await createClient({ url }).setup({ body: { code, name: options.name } });
      const file = saveToken(url, created.token, process.env);
      if (json) printJson({ user: created.user, credentials: file });
      else line(`${pc.green('✔')} ${pc.bold(created.user.name)} owns this installation; the token is kept in ${file}`);
    });
}
