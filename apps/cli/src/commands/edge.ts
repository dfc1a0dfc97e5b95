import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { dateTime, line, printJson, printTable, safe } from '../terminal.ts';

async function list(_options: unknown, command: Command): Promise<void> {
  const found = await signedInClient(command).listEdgeNodes();
  if (globalOptions(command).json) return printJson(found);
  const rows = found.items.map((one) => [
    one.id,
    safe(one.site),
    one.enabled ? (one.state === 'online' ? pc.green('online') : pc.dim('offline')) : pc.red('disabled'),
    dateTime(one.joined_at),
    one.works_by === one.bundle ? String(one.bundle) : pc.yellow(`${one.works_by}, to be ${one.bundle}`),
    String(one.waiting),
  ]);
  printTable(['node', 'site', 'state', 'joined', 'bundle', 'waiting'], rows, 'There is no edge node yet.');
  line(pc.dim(`the centre's key: ${found.fingerprint}`));
}

async function show(id: string, _options: unknown, command: Command): Promise<void> {
  const found = await signedInClient(command).getEdgeNode({ id });
  if (globalOptions(command).json) return printJson(found);
  line(`${pc.bold(safe(found.title))} ${pc.dim(found.id)}, site ${found.site}`);
  line(`${found.enabled ? found.state : pc.red('disabled')}, joined ${dateTime(found.joined_at)}`);
  line(`its key: ${found.fingerprint || '-'}`);
  line(`works by bundle ${found.works_by} of ${found.bundle}: reactions ${found.reactions.join(', ') || '-'}`);
  line(`connections: ${found.connections.join(', ') || '-'}`);
  const rows = found.commands.map((one) => [
    dateTime(one.created_at),
    one.kind,
    one.effect,
    one.state === 'waiting' ? pc.yellow('waits until it is reached') : safe(one.result),
    safe(one.reason),
  ]);
  if (rows.length > 0) printTable(['asked', 'command', 'effect', 'what became of it', 'why'], rows, '');
}

function printJoin(url: string | undefined, token: string, fingerprint: string): void {
  const centre = url ?? process.env.COUNTERPOINT_URL ?? 'http://127.0.0.1:7300';
  process.stderr.write('On the other machine, within an hour, once:\n');
  line(`counterpoint start --role edge --join ${centre} --token ${token}`);
  process.stderr.write(`It shows the key of this centre when it has joined: ${fingerprint}\n`);
}

interface AddOptions {
  readonly site: string;
  readonly title?: string;
  readonly trust: string[];
}

async function add(id: string, { site, title, trust }: AddOptions, command: Command): Promise<void> {
  const made = await signedInClient(command).createEdgeNode({ body: { id, site, title, trust } });
  const { json, url } = globalOptions(command);
  if (json) return printJson(made);
  printJoin(url, made.token, made.fingerprint);
}

async function token(id: string, _options: unknown, command: Command): Promise<void> {
  const made = await signedInClient(command).createJoinToken({ id });
  const { json, url } = globalOptions(command);
  if (json) return printJson(made);
  printJoin(url, made.token, made.fingerprint);
}

const EXAMPLES = `
Examples:
  counterpoint edge add plant_a --site plant
  counterpoint connectors bind plant_firewall --site plant_a --secret api_token=token.txt
  counterpoint edge show plant_a
  counterpoint participants disable plant_a`;

/** `counterpoint edge`: nodes that react at other sites, also while this server is away. */
export function addEdge(program: Command): void {
  const edge = program.command('edge').description('see and manage edge nodes').addHelpText('after', EXAMPLES);
  edge.command('list', { isDefault: true }).description('list the edge nodes').action(list);
  edge.command('show').description('what an edge node works by, and what waits for it').argument('<id>').action(show);
  edge
    .command('add')
    .description('let an edge node in, and print the command that it is started with')
    .argument('<id>', 'its id, snake_case')
    .requiredOption('--site <site>', 'the site that it stands at: reactions with this `site` run there')
    .option('--title <title>', 'what people call it')
    .option('--trust <topics...>', 'topic patterns: what its reactions publish there may cause containment', [])
    .action(add);
  edge
    .command('token')
    .description('make another one-time token; when it is used, the node that joined before is out')
    .argument('<id>')
    .action(token);
}
