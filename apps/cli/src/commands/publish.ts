import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { readText } from '../read-input.ts';
import { line, printJson, safe } from '../terminal.ts';

/** `counterpoint publish <file>`: makes a playbook the version that new runs take. */
export function addPublish(program: Command): void {
  program
    .command('publish')
    .description('publish a playbook: new runs take this version, runs under way keep theirs')
    .argument('<file>', 'the playbook; "-" reads standard input')
    .addHelpText('after', '\nExample:\n  counterpoint publish my-playbooks/brute_force.yaml')
    .action(async (file: string, _options: unknown, command: Command) => {
      const published = await signedInClient(command).publishPlaybook({ body: { source: readText(file) } });
      if (globalOptions(command).json) return printJson(published);
      const { id, title, number } = published.playbook;
      line(`${pc.green('✔')} ${pc.bold(id)} version ${number}: ${safe(title)}`);
      for (const { line: at, code, message } of published.findings)
        line(pc.yellow(`  line ${at} ${code} ${safe(message)}`));
    });
}
