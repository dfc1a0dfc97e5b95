import type { Command } from 'commander';
import { globalOptions } from '../context.ts';
import { collect, configOf, type ServerOptions } from '../server-options.ts';
import { printJson, printTable } from '../terminal.ts';

/** `counterpoint config explain`: every setting, its value and where it came from. */
export function addConfig(program: Command): void {
  const config = program
    .command('config')
    .description('look at the configuration of the server')
    .addHelpText('after', '\nExample:\n  counterpoint config explain');
  config
    .command('explain')
    .description('show every setting, its value and where it came from; secrets are not shown')
    .option('--config <file>', 'configuration file (COUNTERPOINT_CONFIG), default counterpoint.yaml')
    .option('--set <name=value>', 'a setting, as for start', collect)
    .addHelpText('after', '\nExample:\n  counterpoint config explain --set server.port=8080')
    .action(async (options: ServerOptions, command: Command) => {
      const { explainConfig } = await import('@counterpoint/server/config');
      const settings = explainConfig(configOf(options));
      if (globalOptions(command).json) return printJson(settings);
      const rows = settings.map(({ name, value, origin, description }) => [name, String(value), origin, description]);
      printTable(['setting', 'value', 'from', 'meaning'], rows, 'There are no settings.');
    });
}
