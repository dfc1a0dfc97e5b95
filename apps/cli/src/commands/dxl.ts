import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { errors } from '../errors.ts';
import { readText } from '../read-input.ts';
import { dateTime, line, printJson, printTable, safe } from '../terminal.ts';

async function status(_options: unknown, command: Command): Promise<void> {
  const found = await signedInClient(command).getDxl();
  if (globalOptions(command).json) return printJson(found);
  if (!found.enabled) return line('The OpenDXL gateway is off (dxl.enabled).');
  line(`${pc.green('on')} as ${safe(found.hosts.join(', '))} ${pc.dim(found.broker)}`);
  line(`MQTT over TLS ${found.port}, secure WebSocket ${found.web_socket_port}, provisioning ${found.provision_port}`);
}

interface ProvisionOptions {
  readonly participant?: string;
  readonly request?: string;
}

/** Writes the file anew; only its owner may read a secret. @throws cli.file_unwritable */
function write(folder: string, name: string, text: string, mode = 0o644): void {
  const file = join(folder, name);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text, { mode });
  } catch (cause) {
    throw errors.file_unwritable({ file, reason: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}

async function requestFor(name: string, folder: string, { request }: ProvisionOptions): Promise<string> {
  if (request !== undefined) return readText(request);
  // Loaded here: it brings the whole gateway along.
  const { newCertificateRequest } = await import('@counterpoint/gateways');
  const { key, csr } = await newCertificateRequest(name);
  write(folder, 'client.key', key, 0o600);
  return csr;
}

async function provision(folder: string, name: string, options: ProvisionOptions, command: Command): Promise<void> {
  const client = signedInClient(command);
  const csr = await requestFor(name, folder, options);
  const { participant } = options;
  const issued = await client.issueDxlCertificate({ body: { csr, ...(participant ? { participant } : {}) } });
  write(folder, 'client.crt', issued.certificate);
  write(folder, 'ca-bundle.crt', issued.authority);
  const certs = ['[Certs]', 'BrokerCertChain=ca-bundle.crt', 'CertFile=client.crt', 'PrivateKey=client.key', ''];
  const brokers = ['[Brokers]', issued.brokers, '[BrokersWebSockets]', issued.web_socket_brokers];
  write(folder, 'dxlclient.config', ['[General]', '#UseWebSockets=true', '', ...certs, ...brokers].join('\n'));
  if (globalOptions(command).json) return printJson(issued);
  line(`${pc.green('✔')} ${issued.participant} may connect until ${dateTime(issued.not_after)}.`);
  line(`Its configuration is ${resolve(folder, 'dxlclient.config')}.`);
}

interface ListOptions {
  readonly participant?: string;
  readonly limit: string;
  readonly after?: string;
}

async function certificates({ participant, limit, after }: ListOptions, command: Command): Promise<void> {
  const query = { limit: Number(limit), cursor: after, participant };
  const page = await signedInClient(command).listDxlCertificates({ query });
  if (globalOptions(command).json) return printJson(page);
  const rows = page.items.map((one) => [
    one.thumbprint,
    one.participant,
    safe(one.subject),
    one.revoked_at === null ? `until ${dateTime(one.not_after)}` : pc.red(`revoked ${dateTime(one.revoked_at)}`),
    dateTime(one.used_at),
  ]);
  printTable(['thumbprint', 'participant', 'name', 'valid', 'last used'], rows, 'No certificate was issued yet.');
  if (page.next !== null) line(pc.dim(`counterpoint dxl certificates --after ${page.next}`));
}

async function revoke(thumbprint: string, _options: unknown, command: Command): Promise<void> {
  const gone = await signedInClient(command).revokeDxlCertificate({ thumbprint });
  if (globalOptions(command).json) return printJson(gone);
  line(`${pc.green('✔')} The certificate of ${gone.participant} is revoked; its connections have ended.`);
}

const EXAMPLES = `
Examples:
  counterpoint dxl
  counterpoint dxl provision ./sandbox "Sandbox 1"
  counterpoint dxl provision ./sandbox sandbox --request sandbox.csr --participant sandbox
  counterpoint dxl certificates --participant sandbox_1
  counterpoint dxl revoke 5f3c0a6f0f1d4a0b9a6f4f7be1f0c2d3e4a5b6c7`;

/** `counterpoint dxl`: the OpenDXL gateway and the certificates of its clients. */
export function addDxl(program: Command): void {
  const dxl = program
    .command('dxl')
    .description('let OpenDXL clients in, and see and revoke their certificates')
    .addHelpText('after', EXAMPLES);
  dxl.command('status', { isDefault: true }).description('where OpenDXL clients reach the server').action(status);
  dxl
    .command('provision')
    .description('let a client in: writes its key, certificate and dxlclient.config into a folder; again to renew')
    .argument('<folder>', 'where the files go')
    .argument('<name>', 'common name of the certificate; the participant is named after it')
    .option('--participant <id>', 'the participant that it speaks for')
    .option('--request <file>', 'sign this PKCS #10 request (PEM) instead of making a key')
    .action(provision);
  dxl
    .command('certificates')
    .description('list the certificates of clients, newest first')
    .option('--participant <id>', 'only those of one participant')
    .option('--limit <count>', 'at most so many', '50')
    .option('--after <cursor>', 'continue behind a page')
    .action(certificates);
  dxl
    .command('revoke')
    .description('revoke a certificate at once: its connections end')
    .argument('<thumbprint>', 'SHA-1 of the certificate, as `certificates` lists it')
    .action(revoke);
}
