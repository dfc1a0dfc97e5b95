import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { errors } from '../errors.ts';
import { ExitCode } from '../exit-codes.ts';
import { collect } from '../server-options.ts';
import { line, printJson, printTable, safe } from '../terminal.ts';

function describeError(error: unknown): string {
  const { code, message, help } = error as { code: string; message: string; help: string };
  return `${safe(message)} ${pc.dim(code)}\n  ${safe(help)}`;
}

interface BindOptions {
  readonly site: string;
  readonly secret?: readonly string[];
}

/** @throws cli.input_invalid */
function readSecret(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw errors.input_invalid({ text });
  return [text.slice(0, at), readFileSync(text.slice(at + 1), 'utf8').trim()];
}

/** `counterpoint connectors`: the catalogue, the connections, and testing one. */
export function addConnectors(program: Command): void {
  const connectors = program
    .command('connectors')
    .description('list connectors and connections')
    .addHelpText('after', '\nExamples:\n  counterpoint connectors\n  counterpoint connectors test fortigate')
    .action(async (_options: unknown, command: Command) => {
      const client = signedInClient(command);
      const [{ items }, connections] = await Promise.all([
        client.listConnectors(),
        client.listConnections({ query: { limit: 500 } }),
      ]);
      if (globalOptions(command).json) return printJson({ connectors: items, connections: connections.items });
      const rows = items.map((connector) => [
        connector.id,
        connector.vendor,
        connector.actions.map((action) => action.name).join(', '),
        connections.items
          .filter((connection) => connection.connector === connector.id)
          .map((connection) => connection.id + (connection.simulated ? pc.magenta(' simulated') : ''))
          .join(', '),
      ]);
      printTable(['connector', 'vendor', 'actions', 'connections'], rows, 'No connector is installed.');
    });
  connectors
    .command('bind')
    .description('have an edge node call a connection, or this server again; asks for its secrets anew')
    .argument('<connection>', 'id of the connection')
    .option('--site <node>', 'id of the edge node; left out: this server', '')
    .option('--secret <field=file>', 'file with a secret field; may be repeated', collect)
    .action(async (id: string, { site, secret }: BindOptions, command: Command) => {
      const secrets = Object.fromEntries((secret ?? []).map(readSecret));
      const changed = await signedInClient(command).updateConnection({ id, body: { site, secrets } });
      if (globalOptions(command).json) return printJson(changed);
      line(
        `${pc.green('✔')} ${id} is called by ${changed.site === '' ? 'this server' : `the edge node ${changed.site}`}.`,
      );
    });
  connectors
    .command('test')
    .description('prove that a connection and its credential work')
    .argument('<connection>', 'id of the connection')
    .action(async (id: string, _options: unknown, command: Command) => {
      const result = await signedInClient(command).testConnection({ id });
      if (globalOptions(command).json) printJson(result);
      else if (result.ok) line(`${pc.green('✔')} ${id} answers (${result.millis} ms)`);
      else line(`${pc.red('✘')} ${id}: ${describeError(result.error)}`);
      if (!result.ok) process.exitCode = ExitCode.findings;
    });
}
