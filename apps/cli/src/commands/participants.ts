import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { dateTime, line, printJson, printTable, safe } from '../terminal.ts';

interface ListOptions {
  readonly limit: string;
  readonly after?: string;
  readonly state?: 'online' | 'offline';
}

async function list({ limit, after, state }: ListOptions, command: Command): Promise<void> {
  const query = { limit: Number(limit), cursor: after, state };
  const page = await signedInClient(command).listParticipants({ query });
  if (globalOptions(command).json) return printJson(page);
  const rows = page.items.map((one) => [
    one.id,
    safe(one.title),
    one.enabled ? (one.state === 'online' ? pc.green('online') : pc.dim('offline')) : pc.red('disabled'),
    one.kind,
    safe(one.site),
    safe(one.capabilities.join(', ')),
    one.drifted ? pc.yellow('drifted') : one.declared ? 'git' : '',
  ]);
  printTable(
    ['participant', 'title', 'state', 'by', 'site', 'capabilities', 'declared'],
    rows,
    'Nobody was let in yet.',
  );
  if (page.next !== null) line(pc.dim(`counterpoint participants list --after ${page.next}`));
}

async function show(id: string, _options: unknown, command: Command): Promise<void> {
  const found = await signedInClient(command).getParticipant({ id });
  if (globalOptions(command).json) return printJson(found);
  line(`${pc.bold(safe(found.title))} ${pc.dim(found.id)}`);
  line(`${found.enabled ? found.state : pc.red('disabled')}, joins with a ${found.kind}`);
  if (found.seen_at !== null) line(`joined ${dateTime(found.joined_at)}, changed ${dateTime(found.seen_at)}`);
  for (const [right, patterns] of Object.entries(found.rights)) line(`${right}: ${safe(patterns.join(', ') || '-')}`);
  line(`trust: ${safe(found.trust.join(', ') || '-')}`);
  if (found.services.length > 0) line(`services: ${safe(found.services.join(', '))}`);
  const credentials = found.credentials.map((one) => [
    one.id,
    one.kind,
    safe(
      (one.detail as { title?: string; subject?: string }).title ?? (one.detail as { subject?: string }).subject ?? '',
    ),
    one.revoked_at === null ? (one.not_after === null ? '' : `until ${dateTime(one.not_after)}`) : pc.red('revoked'),
    dateTime(one.used_at),
  ]);
  printTable(['credential', 'kind', 'what', 'ends', 'last used'], credentials, 'It has no credential.');
  if (found.drift.length > 0) line(pc.yellow(`It has drifted: counterpoint participants diff ${id}`));
  const refusals = found.refusals.map((one) => [one.kind, safe(one.subject), String(one.count), safe(one.reason)]);
  if (refusals.length > 0) printTable(['refused', 'what', 'times', 'last reason'], refusals, '');
}

interface AddOptions {
  readonly title?: string;
  readonly site: string;
  readonly kind: 'token' | 'certificate';
  readonly publish: string[];
  readonly subscribe: string[];
  readonly offer: string[];
  readonly invoke: string[];
  readonly trust: string[];
}

async function add(id: string, options: AddOptions, command: Command): Promise<void> {
  const { title = id, site, kind, publish, subscribe, offer, invoke, trust } = options;
  const body = { id, title, site, kind, rights: { publish, subscribe, offer, invoke }, trust };
  const made = await signedInClient(command).createParticipant({ body });
  if (globalOptions(command).json) return printJson(made);
  line(`${pc.green('✔')} ${id} is let in. Give it a token: counterpoint participants token ${id}`);
}

interface ChangeOptions extends Partial<Omit<AddOptions, 'kind'>> {}

async function change(id: string, options: ChangeOptions, command: Command): Promise<void> {
  const { title, site, trust, publish, subscribe, offer, invoke } = options;
  const rights = { publish, subscribe, offer, invoke };
  const some = Object.values(rights).some((one) => one !== undefined);
  const body = { title, site, trust, ...(some && { rights }) };
  const changed = await signedInClient(command).updateParticipant({ id, body });
  if (globalOptions(command).json) return printJson(changed);
  line(`${pc.green('✔')} ${id} is changed.`);
}

async function enable(id: string, enabled: boolean, command: Command): Promise<void> {
  const changed = await signedInClient(command).updateParticipant({ id, body: { enabled } });
  if (globalOptions(command).json) return printJson(changed);
  line(`${pc.green('✔')} ${id} is ${enabled ? 'enabled' : 'disabled; its sessions have ended'}.`);
}

async function token(id: string, options: { title: string; for?: string }, command: Command): Promise<void> {
  const body = { title: options.title, valid_for: options.for };
  const made = await signedInClient(command).createParticipantToken({ id, body });
  if (globalOptions(command).json) return printJson(made);
  // Alone on standard output, so that it can go straight into a file.
  process.stderr.write('Keep this token, it is not shown again:\n');
  line(made.token);
}

async function revoke(id: string, credential: string, _options: unknown, command: Command): Promise<void> {
  const gone = await signedInClient(command).revokeParticipantCredential({ id, credential });
  if (globalOptions(command).json) return printJson(gone);
  line(`${pc.green('✔')} The credential ${credential} is revoked.`);
}

async function remove(id: string, _options: unknown, command: Command): Promise<void> {
  const gone = await signedInClient(command).deleteParticipant({ id });
  if (globalOptions(command).json) return printJson(gone);
  line(`${pc.green('✔')} ${id} is removed.`);
}

async function diff(id: string, _options: unknown, command: Command): Promise<void> {
  const { drift, declared, announced } = await signedInClient(command).getParticipant({ id });
  if (drift.length > 0) process.exitCode = ExitCode.findings;
  if (globalOptions(command).json) return printJson({ drift });
  if (!declared) return line(`${id} is not declared in git: nothing to compare with.`);
  if (announced === null) return line(`${id} has said nothing of itself yet.`);
  if (drift.length === 0) return line(`${pc.green('✔')} ${id} says what git says.`);
  for (const one of drift) {
    line(pc.bold(safe(one.field)));
    if (one.declared !== null) line(pc.red(`- ${safe(JSON.stringify(one.declared))}`));
    if (one.found !== null) line(pc.green(`+ ${safe(JSON.stringify(one.found))}`));
  }
}

const EXAMPLES = `
Examples:
  counterpoint participants
  counterpoint participants add dns_sinkhole --offer 'dns_sinkhole.*' --publish 'control.>'
  counterpoint participants token dns_sinkhole --for 90d
  counterpoint participants diff dns_sinkhole`;

const PATTERNS = [
  ['--publish <topics...>', 'topic patterns that it may publish on'],
  ['--subscribe <topics...>', 'topic patterns that it may subscribe to'],
  ['--offer <services...>', 'services that it may offer, such as dns_sinkhole.*'],
  ['--invoke <services...>', 'services that it may invoke, such as fortigate.block_ip'],
  ['--trust <topics...>', 'topic patterns: what it publishes there may cause containment'],
] as const;

function addWriting(participants: Command): void {
  const adding = participants
    .command('add')
    .description('let a participant in')
    .argument('<id>', 'its id, snake_case')
    .option('--title <title>', 'what people call it')
    .option('--site <site>', 'where it stands', '')
    .option('--kind <kind>', 'token or certificate (edge nodes: counterpoint edge add)', 'token')
    .action(add);
  const changing = participants
    .command('change')
    .description('change what a participant may do; patterns that are given replace those there are')
    .argument('<id>')
    .option('--title <title>')
    .option('--site <site>')
    .action(change);
  for (const [flags, about] of PATTERNS) {
    adding.option(flags, about, []);
    changing.option(flags, about);
  }
  for (const [name, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    participants
      .command(name)
      .description(enabled ? 'let a participant in again' : 'keep a participant out: its sessions end at once')
      .argument('<id>')
      .action((id: string, _options: unknown, command: Command) => enable(id, enabled, command));
  }
  participants
    .command('remove')
    .description('remove a participant with its credentials; refused while its effects are in force')
    .argument('<id>')
    .action(remove);
  participants
    .command('token')
    .description('make a token for a participant')
    .argument('<id>')
    .option('--title <title>', 'what it is for', 'made on the command line')
    .option('--for <duration>', 'how long it counts, such as 90d; default: until it is revoked')
    .action(token);
  participants
    .command('revoke')
    .description('revoke a token or certificate at once')
    .argument('<id>')
    .argument('<credential>', 'id of the credential; `show` lists them')
    .action(revoke);
}

/** `counterpoint participants`: who is on the fabric, and what they may do. */
export function addParticipants(program: Command): void {
  const participants = program
    .command('participants')
    .description('see and manage who is on the fabric')
    .addHelpText('after', EXAMPLES);
  participants
    .command('list', { isDefault: true })
    .description('list the participants')
    .option('--state <state>', 'only those that are online or offline')
    .option('--limit <count>', 'at most so many', '50')
    .option('--after <cursor>', 'continue behind a page')
    .action(list);
  participants.command('show').description('everything about one participant').argument('<id>').action(show);
  participants
    .command('diff')
    .description('where what a participant says of itself differs from what git declares; exit code 1 where it does')
    .argument('<id>')
    .action(diff);
  addWriting(participants);
}
